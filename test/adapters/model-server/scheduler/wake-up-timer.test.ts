import assert from 'node:assert/strict';
import { it } from 'node:test';
import { WakeUpTimer } from '../../../../src/adapters/model-server/scheduler/wake-up-timer.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

function setUp() {
  const clock = new FakeClock();
  const calls: number[] = [];
  const timer = new WakeUpTimer(clock, () => calls.push(clock.monotonic()));
  return { clock, calls, timer };
}

it('calls back once, at the earliest time it was set to', async () => {
  const { clock, calls, timer } = setUp();
  timer.in(50);
  timer.in(20);
  timer.in(80);
  await clock.advance(100);
  assert.deepEqual(calls, [20]);
});

it('can be set again after it called back', async () => {
  const { clock, calls, timer } = setUp();
  timer.in(10);
  await clock.advance(10);
  timer.in(10);
  await clock.advance(10);
  assert.deepEqual(calls, [10, 20]);
});

it('is silent once stopped', async () => {
  const { clock, calls, timer } = setUp();
  timer.in(10);
  timer.stop();
  await clock.advance(20);
  assert.deepEqual(calls, []);
  assert.equal(clock.sleepers, 0);
});
