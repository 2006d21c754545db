import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import { TimeLimit } from '../../../src/flow/running/time-limit.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';

function start(isExcused: () => boolean = () => false): { clock: FakeClock; limit: TimeLimit } {
  const clock = new FakeClock();
  const onTimeout = (): KnownError => new KnownError('job_timeout', 'Too long.');
  return { clock, limit: new TimeLimit({ clock, limitMs: 1000, isExcused, onTimeout }) };
}

test('the time is over after so long without progress', async () => {
  const { clock, limit } = start();
  await clock.advance(999);
  assert.equal(limit.signal.aborted, false);
  await clock.advance(1);
  assert.equal(limit.signal.reason.code, 'job_timeout');
});

test('progress lets it count anew', async () => {
  const { clock, limit } = start();
  for (let round = 0; round < 5; round++) {
    await clock.advance(700);
    limit.progressed();
  }
  await clock.advance(999);
  assert.equal(limit.signal.aborted, false);
  await clock.advance(1);
  assert.equal(limit.signal.aborted, true);
});

test('time that is excused does not count', async () => {
  let isDown = true;
  const { clock, limit } = start(() => isDown);
  await clock.advance(3_600_000);
  isDown = false;
  await clock.advance(1000);
  assert.equal(limit.signal.aborted, true);
});

test('what was excused until shortly before the end counts from then on', async () => {
  let isDown = true;
  const { clock, limit } = start(() => isDown);
  await clock.advance(950);
  isDown = false;
  await clock.advance(900);
  assert.equal(limit.signal.aborted, false);
  await clock.advance(100);
  assert.equal(limit.signal.aborted, true);
});

test('nothing fires, and nothing waits, once the work has ended', async () => {
  const { clock, limit } = start();
  await clock.advance(500);
  limit.end();
  await clock.advance(10_000);
  assert.equal(limit.signal.aborted, false);
  assert.equal(clock.sleepers, 0);
});
