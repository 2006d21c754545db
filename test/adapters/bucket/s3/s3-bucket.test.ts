import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { S3Bucket } from '../../../../src/adapters/bucket/s3/s3-bucket.ts';
import { HttpFaultProxy } from '../../../proxies/http-fault-proxy.ts';
import { startS3Server } from '../../../harness/bucket/s3-server.ts';
import { largeBody, never, options, pieces, read } from '../bodies.ts';

const bytes = Buffer.alloc(300_000, 'bytes');
const s3Region = 'us-east-1';
const warn = (): void => {};
let server: Awaited<ReturnType<typeof startS3Server>>;
let proxy: HttpFaultProxy;
let bucket: S3Bucket;
const opened: S3Bucket[] = [];

function openBucket(name: string): S3Bucket {
  const one = new S3Bucket(name, { s3Endpoint: proxy.endpoint, s3Region, warn });
  opened.push(one);
  return one;
}

before(async () => {
  server = await startS3Server('images');
  proxy = await HttpFaultProxy.start(server.port);
  bucket = openBucket('images');
});
afterEach(() => {
  process.env['AWS_ACCESS_KEY_ID'] = 'S3RVER';
});
after(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await proxy.close();
  await server.close();
});

function errorBody(code: string): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.</Message></Error>`;
}

test('the bucket stands in the path where the endpoint is not Amazon', async () => {
  await bucket.upload('output/a.zip', pieces(bytes), options);
  assert.equal(proxy.requests.at(-1), 'PUT /images/output/a.zip?x-id=PutObject');
});

test('an upload in parts that fails takes its parts away, and keeps its own error', async () => {
  proxy.fail('PUT', { status: 403, body: errorBody('AccessDenied') });
  await assert.rejects(bucket.upload('output/parts.zip', largeBody(), options), {
    code: 'access_denied',
  });
  const aborts = /^DELETE \/images\/output\/parts\.zip\?.*uploadId=/;
  while (!proxy.requests.some((request) => aborts.test(request))) await proxy.nextRequest();
  assert.equal(proxy.requests.filter((request) => /partNumber/.test(request)).length, 1);
});

test('a key that the server does not know is a matter of credentials', async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'UNKNOWN';
  await assert.rejects(openBucket('images').open('output/a.zip', never), {
    code: 'bucket_auth',
    message:
      'Our credentials are not accepted for s3://images: HTTP 403 InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.',
  });
});

test('a bucket that does not exist is a wrong setting', async () => {
  await assert.rejects(openBucket('nowhere').open('output/a.zip', never), {
    code: 'bucket_misconfigured',
    message:
      'There is no bucket s3://nowhere: HTTP 404 NoSuchBucket: The specified bucket does not exist. Check STORAGE_BUCKET, and AWS_ENDPOINT_URL where the store is not Amazon.',
  });
});

for (const [status, code, meaning] of [
  [503, 'SlowDown', 'bucket_unavailable'],
  [400, 'RequestTimeout', 'bucket_unavailable'],
  [404, 'NoSuchUpload', 'bucket_unavailable'],
  [409, 'OperationAborted', 'bucket_unavailable'],
  [400, 'BadDigest', 'bucket_corrupt_transfer'],
  [400, 'ExpiredToken', 'bucket_auth'],
  // s3rver does not compare signatures of version 4, so the answer stands in for it.
  [403, 'SignatureDoesNotMatch', 'bucket_auth'],
  [403, 'AccessDenied', 'access_denied'],
] as const) {
  test(`${code} is ${meaning}`, async () => {
    proxy.fail('PUT', { status, body: errorBody(code) });
    await assert.rejects(bucket.upload('output/b.zip', pieces(bytes), options), { code: meaning });
  });
}

test('an object in parts has no MD5 to check, and is read all the same', async () => {
  await bucket.upload('output/parts.zip', largeBody(), options);
  assert.ok((await read(bucket, 'output/parts.zip')).length > 9 * 2 ** 20);
});
