import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Alarm } from '../../../../src/adapters/model-server/scheduler/wake-up-timer.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';

function setUp() {
  const clock = new FakeClock();
  const rings: number[] = [];
  const alarm = new Alarm(clock, () => rings.push(clock.monotonic()));
  return { clock, rings, alarm };
}

it('rings once, at the earliest time it was set to', async () => {
  const { clock, rings, alarm } = setUp();
  alarm.in(50);
  alarm.in(20);
  alarm.in(80);
  await clock.advance(100);
  assert.deepEqual(rings, [20]);
});

it('can be set again after it rang', async () => {
  const { clock, rings, alarm } = setUp();
  alarm.in(10);
  await clock.advance(10);
  alarm.in(10);
  await clock.advance(10);
  assert.deepEqual(rings, [10, 20]);
});

it('is silent once stopped', async () => {
  const { clock, rings, alarm } = setUp();
  alarm.in(10);
  alarm.stop();
  await clock.advance(20);
  assert.deepEqual(rings, []);
  assert.equal(clock.sleepers, 0);
});
