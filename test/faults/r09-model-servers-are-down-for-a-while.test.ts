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
test('R9: a model server that is down for a while fails no job; none is taken meanwhile', async () => {
  deployment.models.script([{ type: 'error', status: 'UNAVAILABLE', details: 'down' }]);
  await deployment.submit('image:0', FIELDS);
  await deployment.until(async () =>
    deployment.log.includes('Taking no jobs') ? true : undefined,
  );
  for (const key of keys.slice(1)) await deployment.submit(key, FIELDS);
  assert.equal((await processing()).length, 1);
  deployment.models.script([]);
  for (const key of keys) assert.equal((await deployment.ended(key))['status'], 'done');
});
