import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RedisQueues } from '../../src/adapters/redis/redis-queues.ts';
import { RedisLink } from '../../src/adapters/redis/redis-link.ts';
import { Deployment } from '../harness/processes/consumer-process.ts';

const JOBS = 24;
/** What a job takes in the one stage that both workflows have. */
const WORK_MS = 100;

let folder: string;
let deployment: Deployment;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk two queues-'));
  const modules = await Promise.all(['counting', 'naming'].map(writeWorkflow));
  deployment = await Deployment.open({
    models: [],
    environment: {
      WORKFLOW_MODULES: modules.join(','),
      CONSUMERS: 'counting:plates,naming',
      JOBS_IN_FLIGHT: '8',
      WORK_CONCURRENCY: '1',
    },
  });
  await deployment.upload('uploads/a.tif', new Uint8Array(8));
});

after(async () => {
  await deployment.close();
  await rm(folder, { recursive: true });
});

async function writeWorkflow(name: string): Promise<string> {
  const file = join(folder, `${name}.mjs`);
  const code = `
    import { csv, defineStage, defineWorkflow, packageResults, pipeline, upload } from 'kiosk-redis-consumer';
    const arrive = defineStage({
      name: 'arrive',
      concurrency: 100,
      run: async (_, { note }) => (note({ arrived_at: Date.now() }), {}),
    });
    const work = defineStage({
      name: 'work',
      concurrency: 4,
      run: async (_, { clock, signal, note }) => {
        note({ worked_at: Date.now() });
        await clock.sleep(${WORK_MS}, signal);
        return {};
      },
    });
    export default defineWorkflow({
      name: '${name}',
      summary: 'Waits.',
      accepts: () => true,
      settings: {},
      pipeline: () =>
        pipeline(arrive, work, packageResults(() => [csv('${name}.csv', ['a'], [[1]])]), upload),
    });`;
  await writeFile(file, code);
  return file;
}

function submit(queue: string, at = 0): Promise<void> {
  const fields = { input_file_name: 'uploads/a.tif', original_name: 'a.tif' };
  return deployment.submit(`${queue}:${at}`, fields, queue);
}

async function fromHttp(path: string): Promise<string> {
  const [, port] = /"httpPort":(\d+)/.exec(deployment.log) ?? [];
  return (await fetch(`http://127.0.0.1:${port}${path}`)).text();
}

test('a flood on one queue lets the single job of another pass, and each gets its own workflow', async () => {
  await Promise.all(Array.from({ length: JOBS }, (_, at) => submit('plates', at)));
  await deployment.ended('plates:1');
  await submit('naming');
  const single = await deployment.ended('naming:0');
  assert.equal(single['status'], 'done', single['reason']);
  const flood = await Promise.all(
    Array.from({ length: JOBS }, (_, at) => deployment.ended(`plates:${at}`)),
  );
  const [arrivedAt, workedAt] = [Number(single['arrived_at']), Number(single['worked_at'])];
  assert.ok(arrivedAt <= workedAt, JSON.stringify(single));
  const earlier = flood
    .map(({ worked_at: at }) => Number(at))
    .filter((at) => at > arrivedAt && at < workedAt);
  assert.ok(earlier.length <= 2, `${earlier.length} jobs of the flood went before it`);
  assert.deepEqual([...(await deployment.result(single)).keys()], ['naming.csv']);
  assert.deepEqual([...(await deployment.result(flood[0] ?? {})).keys()], ['counting.csv']);
});

test('metrics and status tell the queues apart, and what they share is there once', async () => {
  const metrics = await fromHttp('/metrics');
  for (const line of [
    `kiosk_jobs_total{outcome="done",code="",queue="plates"} ${JOBS}`,
    'kiosk_jobs_total{outcome="done",code="",queue="naming"} 1',
    'kiosk_queue_depth{queue="plates"} 0',
    'kiosk_queue_depth{queue="naming"} 0',
    'kiosk_jobs_capacity{queue="plates,naming"} 9',
    'kiosk_stage_capacity{stage="work",queue="plates,naming"} 1',
  ]) {
    assert.ok(metrics.includes(line), line);
  }
  const status: unknown = JSON.parse(await fromHttp('/status'));
  assert.ok(typeof status === 'object' && status !== null && 'queues' in status);
  assert.partialDeepStrictEqual(status, {
    workflow: 'counting, naming',
    queue: 'plates, naming',
    outcomes: { done: JOBS + 1 },
    queues: [
      { queue: 'plates', workflow: 'counting', outcomes: { done: JOBS } },
      { queue: 'naming', workflow: 'naming', outcomes: { done: 1 } },
    ],
  });
});

test('the process announces itself at each queue, with all that it serves', async () => {
  const views = new RedisQueues(new RedisLink(deployment.redis, 'here'));
  assert.deepEqual(await views.served(), ['naming', 'plates']);
  for (const queue of ['naming', 'plates']) {
    const [consumer, ...more] = await views.consumers(queue);
    assert.deepEqual(consumer?.queues, ['plates', 'naming']);
    assert.deepEqual(more, []);
  }
});

test('told to stop, it leaves nothing of any queue behind', async () => {
  assert.equal(await deployment.signal('SIGTERM'), 0);
  const left = await deployment.redis.keys('*');
  assert.deepEqual(
    left.filter((key) => /^(processing-|kiosk:(leases|consumers|hosts|claims))/.test(key)),
    [],
  );
});
