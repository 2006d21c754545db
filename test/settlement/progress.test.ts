import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'node:test';
import { KnownError } from '../../src/errors.ts';
import type { Fact } from '../../src/facts/flow.ts';
import type { Claim, FieldUpdates, JobHashes } from '../../src/ports.ts';
import { ProgressReporter } from '../../src/settlement/progress.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { sampleJob } from '../harness/stages/job-in-flight.ts';

const job = sampleJob({ key: 'a' });
const CLAIM: Claim = { key: 'a', token: 5 };

/** Hashes that answer when told to. */
class SlowHashes implements Pick<JobHashes, 'update'> {
  readonly written: FieldUpdates[] = [];
  answer: ((owned: boolean) => void) | undefined;
  fail: ((error: Error) => void) | undefined;

  update(_: Claim, fields: FieldUpdates): Promise<boolean> {
    this.written.push(fields);
    return new Promise((resolve, reject) => {
      this.answer = resolve;
      this.fail = reject;
    });
  }
}

function setUp(stages: readonly string[] = ['download', 'predict', 'upload']): {
  readonly hashes: SlowHashes;
  readonly clock: FakeClock;
  readonly progress: ProgressReporter;
  readonly lost: Claim[];
  readonly facts: Fact[];
  readonly start: (stage: string, status?: string, notes?: FieldUpdates) => void;
} {
  const hashes = new SlowHashes();
  const clock = new FakeClock();
  const lost: Claim[] = [];
  const facts: Fact[] = [];
  const progress = new ProgressReporter({
    // Progress writes nothing else.
    hashes: hashes as unknown as JobHashes,
    clock,
    stages,
    claimOf: () => CLAIM,
    onLost: (claim) => lost.push(claim),
    emit: (fact) => facts.push(fact),
  });
  const start = (stage: string, status = stage, notes: FieldUpdates = {}): void =>
    progress.listen({ type: 'stage started', stage, job, waitedMs: 0, status, notes });
  return { hashes, clock, progress, lost, facts, start };
}

test('the status, the notes and the progress of a stage are one write', () => {
  const { hashes, start } = setUp();
  start('predict', 'predicting', { download_time: '0.2' });
  assert.deepEqual(hashes.written, [
    { download_time: '0.2', status: 'predicting', progress: '33' },
  ]);
});

test('one write is in flight and the newest waits, however many changes come meanwhile', async () => {
  const { hashes, start } = setUp();
  for (const stage of ['download', 'predict', 'upload']) start(stage);
  assert.equal(hashes.written.length, 1);
  hashes.answer?.(true);
  await turn();
  assert.deepEqual(hashes.written.slice(1), [{ status: 'upload', progress: '66' }]);
});

test('stopping waits for the write in flight and drops the one that waits', async () => {
  const { hashes, progress, start } = setUp();
  start('download');
  start('predict');
  const stopped = progress.stop('a');
  hashes.answer?.(true);
  await stopped;
  assert.equal(hashes.written.length, 1);
});

test('a refused write tells that the claim is lost, a failed one is told and forgotten', async () => {
  const { hashes, lost, facts, start } = setUp();
  start('download');
  hashes.answer?.(false);
  await turn();
  assert.deepEqual(lost, [CLAIM]);
  start('predict');
  hashes.fail?.(new KnownError('redis_unreachable', 'Gone.'));
  await turn();
  assert.deepEqual(facts, [
    { type: 'write failed', key: 'a', code: 'redis_unreachable', message: 'Gone.' },
  ]);
});

test('progress within a stage is written every two seconds at most, and never goes back', async () => {
  const { hashes, clock, progress } = setUp();
  const tell = (done: number): void =>
    progress.listen({ type: 'stage progressed', stage: 'predict', job, done });
  const answered = async (): Promise<void> => {
    hashes.answer?.(true);
    await turn();
  };
  tell(0.5);
  await answered();
  tell(0.9);
  await clock.advance(2000);
  tell(0.1);
  await answered();
  assert.deepEqual(hashes.written, [{ progress: '50' }, { progress: '50' }]);
});

test('what a short stage gets done is not written: its status just was', async () => {
  const { hashes, clock, progress, start } = setUp();
  start('predict', 'predicting');
  hashes.answer?.(true);
  await turn();
  progress.listen({ type: 'stage progressed', stage: 'predict', job, done: 1 });
  assert.equal(hashes.written.length, 1);
  await clock.advance(2000);
  progress.listen({ type: 'stage progressed', stage: 'predict', job, done: 1 });
  assert.deepEqual(hashes.written.slice(1), [{ progress: '66' }]);
});

test('where children tell the progress, stages do not', () => {
  const { hashes, start, progress } = setUp([]);
  start('merge', 'saving-results');
  progress.listen({ type: 'stage progressed', stage: 'merge', job, done: 0.5 });
  assert.deepEqual(hashes.written, [{ status: 'saving-results' }]);
});
