import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodedKey, keyFromUrl, urlUnder } from '../../../src/adapters/bucket/key.ts';

test('a key in a URL keeps its slashes, and all else is encoded', () => {
  // Python: urllib.parse.quote("output/a b:c,d+e%f&g=h?i#j'k(l)*!~é.zip", safe="/~")
  assert.equal(
    encodedKey("output/a b:c,d+e%f&g=h?i#j'k(l)*!~é.zip"),
    'output/a%20b%3Ac%2Cd%2Be%25f%26g%3Dh%3Fi%23j%27k%28l%29%2A%21~%C3%A9.zip',
  );
});

const PUBLIC_URL = 'https://data.example.org/of/users/';

test('a public URL is a base: slashes at its end do not count', () => {
  assert.equal(
    urlUnder('https://data.example.org/of/users', 'output/a b.zip'),
    'https://data.example.org/of/users/output/a%20b.zip',
  );
  assert.equal(urlUnder('https://data.example.org/', 'a'), 'https://data.example.org/a');
});

const KEYS: readonly (readonly [string, string, string])[] = [
  ['s3://images', 'uploads/a.tif', 'uploads/a.tif'],
  ['s3://images', '///uploads/a.tif', 'uploads/a.tif'],
  ['s3://images', 's3://images/uploads/a.tif', 'uploads/a.tif'],
  ['s3://images', 'S3://images/uploads/a%20b.tif', 'uploads/a%20b.tif'],
  ['s3://images', 's3://images/uploads/50%25 of dose.tif', 'uploads/50%25 of dose.tif'],
  ['gs://images', 'gs://images/uploads/a%20b.tif', 'uploads/a%20b.tif'],
  ['s3://images', 'uploads/a%20b.tif', 'uploads/a%20b.tif'],
  ['s3://images', 's3://images/uploads/100%.tif', 'uploads/100%.tif'],
  ['s3://images', 'https://s3.amazonaws.com/images/uploads/a.tif', 'uploads/a.tif'],
  ['s3://images', 'https://s3.eu-west-1.amazonaws.com/images/uploads%2Fa.tif', 'uploads/a.tif'],
  ['s3://images', 'https://images.s3.amazonaws.com/uploads/a%2Bb.tif', 'uploads/a+b.tif'],
  ['s3://images', 'https://images.s3.eu-west-1.amazonaws.com/images/a.tif', 'images/a.tif'],
  ['s3://images', 'https://images.s3-us-west-2.amazonaws.com/uploads/a.tif', 'uploads/a.tif'],
  ['s3://images', 'http://minio:9000/images/uploads/a.tif?X-Amz-Signature=0', 'uploads/a.tif'],
  ['gs://images', 'gs://images/uploads/what?.tif', 'uploads/what?.tif'],
  ['gs://images', 'https://storage.googleapis.com/images/uploads/a.tif', 'uploads/a.tif'],
  ['gs://images', 'https://images.storage.googleapis.com/uploads/a.tif', 'uploads/a.tif'],
  ['s3://images', 'https://data.example.org/of/users/uploads/a%20b.tif', 'uploads/a b.tif'],
  ['s3://images', 'https://data.example.org/images/uploads/a.tif', 'uploads/a.tif'],
  // A bucket may be named like the host of its store.
  ['gs://storage', 'https://storage.googleapis.com/storage/uploads/a.tif', 'uploads/a.tif'],
];
for (const [bucket, url, key] of KEYS) {
  test(`${url} is ${key} in ${bucket}`, () =>
    assert.equal(keyFromUrl(url, bucket, PUBLIC_URL), key));
}

for (const url of [
  's3://another/uploads/a.tif',
  's3://images',
  'gs://images/uploads/a.tif',
  'file:///images/uploads/a.tif',
  'https://s3.amazonaws.com/another/a.tif',
  'https://s3.amazonaws.com/images/../another/a.tif',
  'https://s3.amazonaws.com/images/%2e%2e/a.tif',
  'https://s3.amazonaws.com/images/..%2Fanother/a.tif',
  'https://another.s3.amazonaws.com/images.tif',
  'https://s3.amazonaws.com/images-of-others/a.tif',
  'https:///images',
  'https://data.example.org/of/users/../a.tif',
  'http://data.example.org/of/users/a.tif',
]) {
  test(`${url} is not in s3://images`, () => {
    assert.throws(() => keyFromUrl(url, 's3://images', PUBLIC_URL), { code: 'forbidden_object' });
  });
}
