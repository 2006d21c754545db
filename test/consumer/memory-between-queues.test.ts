import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { WorkerGroup } from '../../src/consumer/worker-group.ts';
import type { Fact } from '../../src/facts/flow.ts';
import type { Job } from '../../src/job/job.ts';
import { StagePlaces } from '../../src/flow/running/places.ts';
import { type AnyStage, defineStage } from '../../src/flow/stage.ts';
import { PermitPool } from '../../src/intake/permits.ts';
import { Solo } from '../../src/intake/solo.ts';
import { InMemoryJobs } from '../../src/testing/in-memory-jobs.ts';
import { Worker } from '../../src/worker.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { stagePorts } from '../harness/stages/stage-ports.ts';
import { stageRuntime } from '../harness/stages/stage-runtime.ts';

const QUEUES = ['flooded', 'quiet'];
const JOB_MS = 1000;
const POP_SECONDS = 5;
const RESULT = { output: { url: 'https://bucket/r.zip', fileName: 'output/r.zip' } };

let clock: FakeClock;
let server: InMemoryJobs;
/** The keys of the jobs that are done, in their order. */
let done: string[];

beforeEach(() => {
  clock = new FakeClock();
  server = new InMemoryJobs(clock);
  done = [];
});

/** Bytes that a job needs in its first stage and in its second, by its queue. */
type Sizes = Readonly<Record<string, readonly [first: number, second: number]>>;

/** One process with 100 bytes of memory, of which one job may have 150, and two queues; each job takes a second in each of two stages. */
async function start(sizes: Sizes, jobsInFlight = 32): Promise<void> {
  const permits = new PermitPool({ jobs: jobsInFlight + 1, bytes: 100, most: 150 });
  const shared = {
    permits,
    solo: new Solo(),
    gate: { problem: () => undefined, wantsGuest: () => false },
    accepts: () => true,
    wakeOnFailure: false,
    reconcileIntervalMs: 30_000,
    graceMs: 25_000,
  };
  const stage = (name: string, at: 0 | 1, adds: (job: Job) => object): AnyStage =>
    defineStage({
      name,
      concurrency: 100,
      footprint: (_: object, { job }) => sizes[job.queue]?.[at] ?? 0,
      run: async (_, { job, clock: time, signal }) => {
        await time.sleep(JOB_MS, signal);
        return adds(job);
      },
    });
  // What the first leaves is held until the end.
  const kept = (job: Job): object => ({ kept: new Uint8Array(sizes[job.queue]?.[0] ?? 0) });
  const phases = { work: [stage('first', 0, kept), stage('second', 1, () => RESULT)] };
  const places = new StagePlaces();
  const emit = (fact: Fact): void => {
    if (fact.type === 'job ended' && fact.outcome === 'done') done.push(fact.key);
  };
  const workers = QUEUES.map((queue) => {
    const consumer = server.consumer({ queue, popSeconds: POP_SECONDS });
    const ports = stagePorts({ clock });
    const { families } = consumer;
    const runtime = stageRuntime({ emit, ports, families, queue, places });
    return new Worker({ ...shared, ...consumer, phases, runtime });
  });
  void new WorkerGroup(workers).run();
  await clock.advance(0);
}

function submit(queue: string, count: number): void {
  for (let at = 0; at < count; at++) {
    const key = `${queue}:${String(at).padStart(3, '0')}`;
    server.submit(queue, key, { status: 'new', input_file_name: 'uploads/a.tif' });
  }
}

/** How many jobs of the flood end before the one of the other queue that is submitted in its midst. */
async function jobsBefore(seconds: number): Promise<number> {
  submit('flooded', 300);
  await clock.advance(seconds * JOB_MS);
  const before = done.length;
  submit('quiet', 1);
  for (let second = 0; second < 400; second++) {
    await clock.advance(JOB_MS);
    const at = done.indexOf('quiet:000');
    if (at >= 0) return at - before;
  }
  return Infinity;
}

/** Where ten small jobs run beside each other, most must end before a large one has room. */
const MOST = 10;

const KINDS: Readonly<Record<string, Sizes>> = {
  'large jobs beside a large one': { flooded: [2, 45], quiet: [2, 45] },
  'large jobs beside a small one': { flooded: [2, 60], quiet: [1, 3] },
  'small jobs beside a large one': { flooded: [2, 8], quiet: [5, 80] },
  'jobs beyond the budget beside a small one': { flooded: [2, 120], quiet: [2, 10] },
};

for (const [kind, sizes] of Object.entries(KINDS)) {
  for (const seconds of [0.5, 7.5, 13.5]) {
    test(`memory: ${kind}: a flood of ${seconds} s delays the job of another queue by a few`, async () => {
      await start(sizes);
      const before = await jobsBefore(seconds);
      assert.ok(before <= MOST, `${before} jobs of the flood ended before it`);
    });
  }
}

test('memory: two floods of large jobs get on alike', async () => {
  await start({ flooded: [2, 45], quiet: [2, 45] });
  submit('flooded', 200);
  await clock.advance(10 * JOB_MS);
  submit('quiet', 200);
  const before = done.length;
  await clock.advance(60 * JOB_MS);
  const since = done.slice(before);
  const quiet = since.filter((key) => key.startsWith('quiet')).length;
  assert.ok(since.length >= 50, `${since.length} jobs in all`);
  assert.ok(Math.abs(quiet - since.length / 2) <= 4, `${quiet} of ${since.length}`);
});
