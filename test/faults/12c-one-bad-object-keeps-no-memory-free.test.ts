import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { BucketDeployment } from '../harness/bucket/bucket-deployment.ts';

const MIB = 2 ** 20;
let bucket: BucketDeployment;

before(async () => {
  bucket = await BucketDeployment.open({
    BYTES_IN_FLIGHT: `${7 * MIB}`,
    STORAGE_MAX_BACKOFF: '0.2',
  });
});
after(() => bucket.close());

/** Submits a job for a file that takes more than half of the memory. */
async function submitLarge(name: string): Promise<string> {
  const { store, deployment } = bucket;
  store.objects.put(
    new URLSearchParams(),
    { name: `uploads/${name}` },
    Buffer.alloc(4 * MIB, name),
  );
  await deployment.submit(`image:${name}`, { input_file_name: `uploads/${name}` });
  return `image:${name}`;
}

test('while the oldest job tries an object that always answers 503, others get the memory that they need', async () => {
  const { proxy, deployment } = bucket;
  proxy.rule = (_, path) => (path.includes('bad') ? { status: 503 } : undefined);
  const learned = await deployment.ended(await submitLarge('before.tif'));
  assert.equal(learned['status'], 'done');

  const bad = await submitLarge('bad.tif');
  await deployment.until(async () => bucket.lines('Trying again').length > 0 || undefined);
  for (const name of ['1.tif', '2.tif', '3.tif']) {
    const { status } = await deployment.ended(await submitLarge(name));
    assert.equal(status, 'done');
  }
  const [{ status } = {}] = await bucket.hashes([bad]);
  assert.equal(status, 'started');
});
