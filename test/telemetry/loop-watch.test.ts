import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { LoopWatch, stallLine } from '../../src/telemetry/loop-watch.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { sampleJob } from '../harness/stages/job-in-flight.ts';

const EVERY_MS = 500;
const job = sampleJob({});
let clock: FakeClock;
let watch: LoopWatch;

beforeEach(() => {
  clock = new FakeClock();
  watch = new LoopWatch(clock, EVERY_MS);
});

const start = (stage: string): void =>
  watch.listen({ type: 'stage started', stage, job, waitedMs: 0, notes: {} });
const end = (stage: string, ms: number): void =>
  watch.listen({ type: 'stage ended', stage, job, ms });

test('a timer that is in time is nothing to speak of', async () => {
  start('predict');
  await clock.advance(EVERY_MS + 900);
  assert.equal(watch.look(), undefined);
});

test('the stage that ended after as long a time did it; those that were waiting did not', async () => {
  start('predict');
  start('mine');
  start('upload');
  await clock.advance(12_000);
  end('mine', 12_000);
  end('upload', 40);
  const stall = watch.look();
  assert.deepEqual(stall, { ms: 11_500, stages: ['mine'], isCertain: true });
  assert.equal(
    stall && stallLine(stall),
    'Stage "mine" computed on the event loop for 11.5 s; all jobs waited, and Redis may seem not to respond. ' +
      'Put what it computes into a kernel.',
  );
});

test('if none has ended, those that run are named, as a guess', async () => {
  start('predict');
  start('mine');
  await clock.advance(3000);
  const stall = watch.look();
  assert.deepEqual(stall, { ms: 2500, stages: ['predict', 'mine'], isCertain: false });
  assert.match(stall ? stallLine(stall) : '', /^One of the stages "predict", "mine" probably/);
  end('predict', 3000);
  end('mine', 3000);
  await clock.advance(3000);
  assert.deepEqual(watch.look()?.stages, ['predict', 'mine']);
});
