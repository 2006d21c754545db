import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareAnswer } from '../../src/telemetry/share-answer.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

test('all who ask within the time get one answer, later ones a new one', async () => {
  const clock = new FakeClock();
  let made = 0;
  const ask = shareAnswer(async () => ++made, { clock, ms: 200 });
  assert.deepEqual(await Promise.all([ask(), ask(), ask()]), [1, 1, 1]);
  await clock.advance(199);
  assert.equal(await ask(), 1);
  await clock.advance(1);
  assert.equal(await ask(), 2);
});

test('an answer that fails is not kept', async () => {
  const clock = new FakeClock();
  let attempts = 0;
  const ask = shareAnswer(
    async () => {
      if (++attempts === 1) throw new Error('once');
      return 'made';
    },
    { clock, ms: 200 },
  );
  await assert.rejects(ask(), /once/);
  assert.equal(await ask(), 'made');
});
