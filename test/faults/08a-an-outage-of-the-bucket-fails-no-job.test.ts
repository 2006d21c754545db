import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BucketDeployment } from '../harness/bucket/bucket-deployment.ts';

const JOBS_IN_FLIGHT = 4;
const names = Array.from({ length: 20 }, (_, index) => `${index}.tif`);

let bucket: BucketDeployment;

before(async () => {
  bucket = await BucketDeployment.open({
    JOBS_IN_FLIGHT: String(JOBS_IN_FLIGHT),
    RECONCILE_INTERVAL: '1',
    RETRY_BUDGET: '0.5',
    STORAGE_MAX_BACKOFF: '0.2',
  });
});
after(() => bucket.close());

test('jobs outlive an outage of the bucket that is longer than their budgets', async () => {
  const { proxy, deployment } = bucket;
  proxy.rule = () => ({ status: 503, body: 'The store is being repaired.' });
  const keys = await bucket.submit(...names);
  await deployment.until(async () => bucket.lines('Circuit breaker').length > 0 || undefined);
  assert.match(
    (await bucket.notReady())['bucket_read'] ?? '',
    /HTTP 503: The store is being repaired/,
  );

  const spent = (): string[] => bucket.lines('"code":"remote_outage"');
  await deployment.until(async () => spent().length >= JOBS_IN_FLIGHT || undefined);
  const { done = 0, failed = 0 } = await bucket.statuses(keys);
  assert.deepEqual({ done, failed }, { done: 0, failed: 0 });
  const waiting = await deployment.redis.llen(deployment.queue);
  assert.ok(waiting >= names.length - JOBS_IN_FLIGHT, `${waiting} of ${names.length} wait`);

  proxy.rule = () => undefined;
  for (const key of keys) assert.equal((await deployment.ended(key))['status'], 'done');
  assert.deepEqual(await bucket.notReady(), {});
  assert.equal(bucket.lines('Circuit breaker of bucket_read opened').length, 1);
  assert.equal(bucket.lines('Circuit breaker of bucket_read closed after').length, 1);
});
