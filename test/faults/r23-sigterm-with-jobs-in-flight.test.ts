import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { doubling, Deployment } from '../harness/processes/consumer-process.ts';
import { fairSeconds } from '../harness/processes/fair-seconds.ts';

const FIELDS = { model_name: 'Doubling', model_version: '1', input_file_name: 'uploads/a.tif' };
const keys = Array.from({ length: 12 }, (_, n) => `image:${n}`);
let deployment: Deployment;

beforeEach(async () => {
  deployment = await Deployment.open({
    models: [doubling],
    environment: { JOBS_IN_FLIGHT: '4', SHUTDOWN_GRACE: '5' },
  });
  await deployment.upload(
    'uploads/a.tif',
    encodeTiff({ shape: [40, 50], data: new Float32Array(2000) }),
  );
});

afterEach(() => deployment.close());

const processing = (): Promise<string[]> =>
  deployment.redis.lrange('processing-image:pod-1', 0, -1);
const statuses = (): Promise<(string | null)[]> =>
  Promise.all(keys.map((key) => deployment.redis.hget(key, 'status')));

async function submitAll(): Promise<void> {
  for (const key of keys) await deployment.submit(key, FIELDS);
  await deployment.until(async () => (await statuses()).includes('predicting') || undefined);
}

test('R23 a: jobs in flight finish, the others stay in the queue, the exit code is 0', async () => {
  deployment.models.script([{ type: 'slow', ms: 300 }]);
  await submitAll();
  const code = await deployment.signal('SIGTERM');
  assert.equal(code, 0, deployment.log);
  assert.deepEqual(await processing(), []);
  const waiting = await deployment.redis.lrange('image', 0, -1);
  const done = (await statuses()).filter((status) => status === 'done');
  assert.ok(
    done.length > 0 && waiting.length > 0,
    `${done.length} done, ${waiting.length} waiting`,
  );
  assert.equal(done.length + waiting.length, keys.length);
});

test('R23 b: what cannot finish in time goes back to where it is next, and another consumer finishes it', async () => {
  deployment.models.script([{ type: 'mute' }]);
  await submitAll();
  const held = await processing();
  const code = await deployment.signal('SIGTERM');
  assert.equal(code, 0, deployment.log);
  assert.deepEqual(await processing(), []);
  const queue = await deployment.redis.lrange('image', 0, -1);
  assert.deepEqual(new Set(queue), new Set(keys));
  assert.deepEqual(new Set(queue.slice(-held.length)), new Set(held));
  deployment.models.script([]);
  await deployment.start();
  for (const key of keys) assert.equal((await deployment.ended(key))['status'], 'done');
});

test('R23 c: a second SIGTERM gives everything back at once', async () => {
  deployment.models.script([{ type: 'mute' }]);
  await submitAll();
  const seconds = await fairSeconds(deployment.consumer.pid, async () => {
    deployment.consumer.tell('SIGTERM');
    await deployment.consumer.says('SIGTERM: taking no more jobs');
    deployment.consumer.tell('SIGTERM');
    assert.equal(await deployment.consumer.ended(), 0, deployment.log);
  });
  assert.ok(seconds < 4, `${seconds} s: the grace of five seconds is not waited for`);
  assert.deepEqual(await processing(), []);
  assert.equal(await deployment.redis.llen('image'), keys.length);
});

test('R23 d: with all model servers down, SIGTERM gives the jobs back without an attempt', async () => {
  deployment.models.script([{ type: 'error', status: 'UNAVAILABLE', details: 'down' }]);
  await deployment.submit('image:0', FIELDS);
  await deployment.consumer.says('Taking no jobs');
  const seconds = await fairSeconds(deployment.consumer.pid, async () => {
    assert.equal(await deployment.signal('SIGTERM'), 0, deployment.log);
  });
  assert.ok(seconds < 9, `${seconds} s`);
  assert.deepEqual(await deployment.redis.lrange('image', 0, -1), ['image:0']);
  assert.equal(await deployment.redis.hget('image:0', 'attempts'), '0');
});

test('R23: no key is taken after the signal, not by the wait that was under way either', async () => {
  await deployment.until(
    async () => /cmd=brpoplpush/i.test(String(await deployment.redis.client('LIST'))) || undefined,
  );
  deployment.consumer.tell('SIGTERM');
  await deployment.consumer.says('SIGTERM: taking no more jobs');
  for (const key of keys) await deployment.submit(key, FIELDS);
  assert.equal(await deployment.consumer.ended(), 0, deployment.log);
  assert.equal(await deployment.redis.llen('image'), keys.length);
  assert.deepEqual(await processing(), []);
});
