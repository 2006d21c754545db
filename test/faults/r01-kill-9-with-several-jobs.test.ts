import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { doubling, Deployment } from '../harness/processes/consumer-process.ts';

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

test('R1: the jobs held by a process that was killed are found at the next start of the same host, and end done', async () => {
  deployment.models.script([{ type: 'mute' }]);
  await submitAll();
  await deployment.signal('SIGKILL');
  assert.equal((await processing()).length, 4);
  deployment.models.script([]);
  await deployment.start();
  for (const key of keys) assert.equal((await deployment.ended(key))['status'], 'done');
  await deployment.until(async () => (await processing()).length === 0 || undefined);
  assert.match(deployment.log, /Recovered 4 stranded jobs/);
});
