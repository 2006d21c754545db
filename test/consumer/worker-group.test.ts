import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { WorkerGroup } from '../../src/consumer/worker-group.ts';
import { KnownError } from '../../src/errors.ts';
import type { Fact } from '../../src/facts/flow.ts';
import { StagePlaces } from '../../src/flow/running/places.ts';
import { type StageContext, defineStage } from '../../src/flow/stage.ts';
import { PermitPool } from '../../src/intake/permits.ts';
import { Solo } from '../../src/intake/solo.ts';
import { InMemoryJobs } from '../../src/testing/in-memory-jobs.ts';
import { Worker } from '../../src/worker.ts';
import { FakeClock } from '../fakes/fake-clock.ts';
import { stagePorts } from '../harness/stages/stage-ports.ts';
import { stageRuntime } from '../harness/stages/stage-runtime.ts';

const QUEUES = ['flooded', 'quiet'];
const JOBS_IN_FLIGHT = 8;
const JOB_MS = 1000;
const RESULT = { output: { url: 'https://bucket/r.zip', fileName: 'output/r.zip' } };

let clock: FakeClock;
let server: InMemoryJobs;
let ended: { readonly key: string; readonly at: number }[];

beforeEach(() => {
  clock = new FakeClock();
  server = new InMemoryJobs(clock);
  ended = [];
});

/** One process that serves two queues, whose jobs go through one stage with `places`, one second each. */
async function start(
  places: number,
  run = async (_: object, { clock: time, signal }: StageContext): Promise<object> => {
    await time.sleep(JOB_MS, signal);
    return RESULT;
  },
): Promise<{ group: WorkerGroup; run: Promise<KnownError | undefined> }> {
  const shared = {
    permits: new PermitPool({ jobs: JOBS_IN_FLIGHT + QUEUES.length - 1, bytes: 1000 }),
    solo: new Solo(),
    gate: { problem: () => undefined, wantsGuest: () => false },
    accepts: () => true,
    wakeOnFailure: false,
    reconcileIntervalMs: 30_000,
    graceMs: 25_000,
  };
  const stages = new StagePlaces();
  const emit = (fact: Fact): void => {
    if (fact.type === 'job ended') ended.push({ key: fact.key, at: clock.monotonic() });
  };
  const stage = defineStage({ name: 'work', concurrency: places, run });
  const workers = QUEUES.map((queue) => {
    const consumer = server.consumer({ queue });
    const ports = stagePorts({ clock });
    const { families } = consumer;
    const runtime = stageRuntime({ emit, ports, families, queue, places: stages });
    return new Worker({ ...shared, ...consumer, phases: { work: [stage] }, runtime });
  });
  const group = new WorkerGroup(workers);
  const running = group.run();
  await clock.advance(0);
  return { group, run: running };
}

function submit(queue: string, count: number): void {
  for (let at = 0; at < count; at++) {
    const key = `${queue}:${String(at).padStart(3, '0')}`;
    server.submit(queue, key, { status: 'new', input_file_name: 'uploads/a.tif' });
  }
}

for (const places of [1, 2, JOBS_IN_FLIGHT]) {
  test(`a flood on one queue delays a job of another by two jobs at most, with ${places} places`, async () => {
    submit('flooded', 100);
    await start(places);
    await clock.advance(3.5 * JOB_MS);
    const before = ended.length;
    submit('quiet', 1);
    await clock.advance(3 * JOB_MS);
    const at = ended.findIndex(({ key }) => key === 'quiet:000');
    assert.ok(at >= 0, 'it has not ended');
    // Two jobs one after the other, in as many places as there are.
    assert.ok(at - before <= 2 * places, `${at - before} jobs of the flood ended before it`);
  });
}

test('two floods share what there is in equal parts', async () => {
  submit('flooded', 100);
  submit('quiet', 100);
  await start(2);
  await clock.advance(20.5 * JOB_MS);
  const ofQuiet = ended.filter(({ key }) => key.startsWith('quiet'));
  assert.equal(ended.length, 40);
  assert.ok(Math.abs(ofQuiet.length - 20) <= 2, `${ofQuiet.length} of 40`);
});

test('queues without jobs leave all permits but their own to the others', async () => {
  submit('flooded', 100);
  await start(100);
  await clock.advance(JOB_MS / 2);
  assert.equal(server.state.lists.get('processing-flooded:pod-1')?.length, JOBS_IN_FLIGHT);
});

test('a fatal error of one queue stops the others, whose jobs finish', async () => {
  submit('quiet', 1);
  const { run } = await start(4, async (_, { job, clock: time, signal }) => {
    await time.sleep(job.queue === 'quiet' ? 2 * JOB_MS : JOB_MS, signal);
    if (job.queue === 'flooded') throw new KnownError('redis_auth', 'No.');
    return RESULT;
  });
  submit('flooded', 1);
  await clock.advance(3 * JOB_MS);
  assert.equal((await run)?.code, 'redis_auth');
  assert.equal(server.fields('quiet:000')['status'], 'done');
  assert.deepEqual(server.state.lists.get('flooded'), ['flooded:000']);
});

test('told to stop, all do', async () => {
  const { group, run } = await start(1);
  group.stop();
  await clock.advance(10);
  assert.equal(await run, undefined);
  assert.equal(group.stopping, true);
});
