import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BucketDeployment } from '../harness/bucket/bucket-deployment.ts';

/** Others must be served in this time, on a busy machine too: else the bucket itself may be down. */
const BUDGET_SECONDS = 6;

let bucket: BucketDeployment;

before(async () => {
  bucket = await BucketDeployment.open({
    JOBS_IN_FLIGHT: '4',
    RETRY_BUDGET: String(BUDGET_SECONDS),
    STORAGE_MAX_BACKOFF: '1',
  });
});
after(() => bucket.close());

test('an object that always answers 503 closes no intake, and fails its own job alone', async () => {
  const { proxy, deployment } = bucket;
  proxy.rule = (_, path) => (path.includes('bad.tif') ? { status: 503 } : undefined);
  const [bad = ''] = await bucket.submit('bad.tif');
  await deployment.until(async () => bucket.lines('Trying again').length > 0 || undefined);

  const others = await bucket.submit(...Array.from({ length: 8 }, (_, index) => `${index}.tif`));
  for (const key of others) assert.equal((await deployment.ended(key))['status'], 'done');

  let more = 0;
  const why = await deployment.until(async () => {
    await bucket.submit(`more-${more++}.tif`);
    const [{ status = '', reason = '' } = {}] = await bucket.hashes([bad]);
    return status === 'failed' ? reason : undefined;
  });
  assert.match(why, /HTTP 503\. This went on for 6 s, while other jobs were served\.$/);
  assert.deepEqual(bucket.lines('Taking no jobs'), []);
});
