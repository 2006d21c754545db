import assert from 'node:assert/strict';
import { test } from 'node:test';
import { repeat } from '../../src/flow/repeat.ts';
import { FakeClock } from '../fakes/fake-clock.ts';

test('a round comes at once and then after each pause, also after one that failed, until the signal', async () => {
  const clock = new FakeClock();
  const end = new AbortController();
  const errors: unknown[] = [];
  let rounds = 0;
  const repeated = repeat(
    { clock, everyMs: 1000, signal: end.signal, onError: (error) => errors.push(error) },
    async () => {
      rounds++;
      if (rounds === 2) throw new Error('once');
    },
  );
  await clock.advance(2500);
  assert.equal(rounds, 3);
  assert.equal(errors.length, 1);
  end.abort();
  await repeated;
  await clock.advance(5000);
  assert.equal(rounds, 3);
});
