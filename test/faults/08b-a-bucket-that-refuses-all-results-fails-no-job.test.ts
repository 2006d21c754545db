import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BucketDeployment } from '../harness/bucket/bucket-deployment.ts';

const refusal = {
  status: 403,
  body: JSON.stringify({
    error: {
      code: 403,
      message: 'consumer@project does not have storage.objects.create access.',
      errors: [{ reason: 'forbidden' }],
    },
  }),
};

let bucket: BucketDeployment;

before(async () => {
  bucket = await BucketDeployment.open({
    JOBS_IN_FLIGHT: '4',
    RECONCILE_INTERVAL: '1',
    RETRY_BUDGET: '0.5',
    STORAGE_MAX_BACKOFF: '0.2',
  });
});
after(() => bucket.close());

test('jobs wait until they may be stored, and /ready says why in the words of the store', async () => {
  const { proxy, deployment } = bucket;
  proxy.rule = (method) => (method === 'POST' ? refusal : undefined);
  const keys = await bucket.submit(...Array.from({ length: 20 }, (_, index) => `${index}.tif`));
  await deployment.until(async () => bucket.lines('Circuit breaker').length > 0 || undefined);
  assert.match((await bucket.notReady())['bucket_write'] ?? '', /storage\.objects\.create access/);

  // All four in hand have spent their budget.
  const spent = (): string[] => bucket.lines('"code":"remote_outage"');
  await deployment.until(async () => spent().length >= 4 || undefined);
  const { done = 0, failed = 0 } = await bucket.statuses(keys);
  assert.deepEqual({ done, failed }, { done: 0, failed: 0 });

  proxy.rule = () => undefined;
  for (const key of keys) assert.equal((await deployment.ended(key))['status'], 'done');
});
