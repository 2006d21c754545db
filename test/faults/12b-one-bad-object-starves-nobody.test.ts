import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BucketDeployment } from '../harness/bucket/bucket-deployment.ts';

const names = Array.from({ length: 4 }, (_, index) => `${index}.tif`);
let bucket: BucketDeployment;

before(async () => {
  bucket = await BucketDeployment.open({
    JOBS_IN_FLIGHT: '1',
    RETRY_BUDGET: '0.5',
    STORAGE_MAX_BACKOFF: '0.2',
  });
});
after(() => bucket.close());

test('a consumer of one job at a time serves the others, though one object always answers 503', async () => {
  const { proxy, deployment } = bucket;
  proxy.rule = (_, path) => (path.includes('bad.tif') ? { status: 503 } : undefined);
  const [bad = ''] = await bucket.submit('bad.tif');
  const others = await bucket.submit(...names);
  for (const key of others) assert.equal((await deployment.ended(key))['status'], 'done');
  const [{ status } = {}] = await bucket.hashes([bad]);
  assert.notEqual(status, 'done');
});
