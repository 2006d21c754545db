import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBucket } from '../../../src/adapters/bucket/open-bucket.ts';

const options = { gcsEndpoint: '', s3Endpoint: '', s3Region: 'us-east-1', warn: () => {} };

test('names of buckets are lower-cased, paths of folders are not', async () => {
  for (const [url, bucket] of [
    ['GS://Images', 'gs://images'],
    ['s3://My-Images/', 's3://my-images'],
    ['file:///tmp/My%20Images', 'file:///tmp/My%20Images'],
  ] as const) {
    assert.equal((await openBucket(url, options)).url, bucket);
  }
});

test('the public URL is that of the store', async () => {
  for (const [url, publicUrl] of [
    ['gs://images', 'https://storage.googleapis.com/images/output/a%20b.zip'],
    ['s3://images', 'https://s3.amazonaws.com/images/output/a%20b.zip'],
    ['file:///tmp/My%20Images', 'file:///tmp/My%20Images/output/a%20b.zip'],
  ] as const) {
    assert.equal((await openBucket(url, options)).publicUrl('output/a b.zip'), publicUrl);
  }
});

test('a folder that does not exist yet causes a warning: its name may be mistyped', async () => {
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  await openBucket('file:///tmp', { ...options, warn });
  await openBucket('file:///nowhere/images', { ...options, warn });
  assert.deepEqual(warnings, [
    'There is no folder file:///nowhere/images (STORAGE_BUCKET) yet: the first file written creates it.',
  ]);
});

for (const url of [
  'ftp://images',
  'images',
  '',
  'gs://',
  's3://images/folder',
  'gs://a b',
  'file://',
  'file://elsewhere/folder',
]) {
  test(`"${url}" is refused, with what is allowed`, async () => {
    await assert.rejects(openBucket(url, options), {
      code: 'bad_settings',
      message: `STORAGE_BUCKET is "${url}", but must be gs://name, s3://name or file:///path.`,
    });
  });
}
