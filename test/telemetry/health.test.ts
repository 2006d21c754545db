import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { BreakerState, Emit } from '../../src/facts/flow.ts';
import { type FirstFindings, Health } from '../../src/telemetry/health.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { jobInFlight } from '../harness/stages/job-in-flight.ts';

const MINUTE = 60_000;
let clock: FakeClock;
let full: boolean;
let stopping: boolean;
let problem: string | undefined;
let found: FirstFindings;
let health: Health;
let listen: Emit;

beforeEach(() => {
  clock = new FakeClock();
  [full, stopping, problem] = [false, false, undefined];
  found = { reasons: {}, untried: [], warnings: [] };
  health = new Health({
    clock,
    queues: ['image'],
    problems: { models: () => problem },
    firstFindings: () => found,
    stopping: () => stopping,
    full: () => full,
    stuckAfterMs: MINUTE,
    stalledAfterMs: 15 * MINUTE,
  });
  listen = health.listenTo('image');
});

test('it is not ready before Redis was asked for a job, and says so in plain words', () => {
  assert.equal(health.started(), false);
  assert.deepEqual(health.notReady(), { intake: 'No job has been requested from Redis yet.' });
  listen({ type: 'intake polled' });
  assert.equal(health.started(), true);
  assert.deepEqual(health.notReady(), {});
});

test('an intake that asks for nothing for a minute is stuck, unless the consumer stops', async () => {
  listen({ type: 'intake polled' });
  await clock.advance(MINUTE - 1);
  assert.equal(health.stuck(), undefined);
  await clock.advance(31_001);
  assert.equal(health.stuck(), 'Redis has not been asked for jobs for 91 s.');
  stopping = true;
  assert.equal(health.stuck(), undefined);
});

test('a full consumer may leave Redis alone, as long as its jobs get on', async () => {
  full = true;
  for (let minutes = 0; minutes < 60; minutes += 10) {
    await clock.advance(10 * MINUTE);
    assert.equal(health.stuck(), undefined);
    health.moved();
  }
  await clock.advance(16 * MINUTE);
  assert.equal(
    health.stuck(),
    'All jobs that may be held are here, and none has got on for 16 min.',
  );
  assert.deepEqual(Object.keys(health.notReady()), ['intake']);
});

test('jobs may wait for a dependency for ever; afterwards they must get on', async () => {
  full = true;
  problem = 'No model server answers.';
  await clock.advance(600 * MINUTE);
  assert.equal(health.stuck(), undefined);
  problem = undefined;
  await clock.advance(14 * MINUTE);
  assert.equal(health.stuck(), undefined);
  await clock.advance(MINUTE);
  assert.match(health.stuck() ?? '', /none has got on for 15 min/);
});

test('retries and progress within a stage count as getting on', async () => {
  full = true;
  await clock.advance(14 * MINUTE);
  health.listen({
    type: 'stage progressed',
    stage: 'predict',
    job: jobInFlight({}).job,
    done: 0.5,
  });
  await clock.advance(14 * MINUTE);
  assert.equal(health.stuck(), undefined);
});

function breakerChanges(before: BreakerState, state: BreakerState): void {
  const reason = 's3://field refuses writes: Access Denied.';
  health.listen({
    type: 'breaker changed',
    remote: 'bucket_write',
    before,
    state,
    reason,
    openMs: 0,
  });
}

test('it is not ready while a circuit breaker is open, in the words of the remote', () => {
  listen({ type: 'intake polled' });
  for (const [before, state] of [
    ['closed', 'open'],
    ['open', 'half open'],
    ['half open', 'open'],
  ] as const) {
    breakerChanges(before, state);
    assert.deepEqual(health.notReady(), {
      bucket_write: 's3://field refuses writes: Access Denied.',
    });
  }
  breakerChanges('half open', 'closed');
  assert.deepEqual(health.notReady(), {});
});

test('what was tried first and has not answered is a reason, until it answers; it excuses no job that stands still', async () => {
  listen({ type: 'intake polled' });
  const reasons = { bucket: 'The bucket s3://field has not been tried yet.' };
  found = { reasons, untried: ['bucket'], warnings: ['w'] };
  assert.deepEqual(health.notReady(), reasons);
  assert.deepEqual(health.notTried(), ['bucket']);
  assert.deepEqual(health.warnings(), ['w']);
  full = true;
  await clock.advance(16 * MINUTE);
  assert.match(health.stuck() ?? '', /none has got on/);
  full = false;
  listen({ type: 'intake polled' });
  found = { reasons: {}, untried: [], warnings: [] };
  assert.deepEqual(health.notReady(), {});
});

test('jobs may wait for a bucket for ever', async () => {
  full = true;
  breakerChanges('closed', 'open');
  await clock.advance(600 * MINUTE);
  assert.equal(health.stuck(), undefined);
});

test('of several queues, each has to be asked for, and the one that is not is named', async () => {
  const options = { clock, problems: {}, stopping: () => false, full: () => false };
  const queues = ['image', 'mesmer'];
  const both = new Health({ ...options, queues, stuckAfterMs: MINUTE, stalledAfterMs: 0 });
  both.listenTo('image')({ type: 'intake polled' });
  assert.equal(both.started(), false);
  both.listenTo('mesmer')({ type: 'intake polled' });
  assert.equal(both.started(), true);
  await clock.advance(MINUTE);
  both.listenTo('image')({ type: 'intake polled' });
  assert.equal(both.stuck(), 'Redis has not been asked for jobs of "mesmer" for 60 s.');
});
