import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { GcsBucket } from '../../../../src/adapters/bucket/gcs/gcs-bucket.ts';
import { HttpFaultProxy } from '../../../proxies/http-fault-proxy.ts';
import { type GcsServer, startGcsServer } from '../../../fakes/gcs-server.ts';
import { LARGE_BYTES, digest, largeBody, never, options, pieces, read } from '../bodies.ts';

const bytes = Buffer.alloc(300_000, 'bytes');
let server: GcsServer;
let proxy: HttpFaultProxy;
let bucket: GcsBucket;
let warnings: string[];

function openBucket(): GcsBucket {
  warnings = [];
  return new GcsBucket('images', {
    gcsEndpoint: proxy.endpoint,
    warn: (words) => warnings.push(words),
  });
}

before(async () => {
  server = await startGcsServer('images');
  proxy = await HttpFaultProxy.start(server.port);
  bucket = openBucket();
});
after(async () => {
  await proxy.close();
  await server.close();
});

/** What `work` asks of the server. */
async function requestsOf(work: () => Promise<unknown>): Promise<string[]> {
  const start = proxy.requests.length;
  await work();
  return proxy.requests
    .slice(start)
    .map((request) => request.replace(/upload_id=.*$/, 'upload_id'));
}

test('an object that fits into one block takes one request, is public and has its type', async () => {
  const requests = await requestsOf(() => bucket.upload('output/a.zip', pieces(bytes), options));
  assert.deepEqual(requests, [
    'POST /upload/storage/v1/b/images/o?predefinedAcl=publicRead&uploadType=multipart',
  ]);
  const { acl, contentType } = server.objects.get('output/a.zip') ?? {};
  assert.deepEqual({ acl, contentType }, { acl: 'publicRead', contentType: 'application/zip' });
});

test('a larger object is sent in chunks, is public and has its type', async () => {
  const requests = await requestsOf(() => bucket.upload('output/b.zip', largeBody(), options));
  assert.equal(requests.length, 1 + 3);
  assert.match(requests[0] ?? '', /^POST .*\?predefinedAcl=publicRead&uploadType=resumable$/);
  const { acl, contentType } = server.objects.get('output/b.zip') ?? {};
  assert.deepEqual({ acl, contentType }, { acl: 'publicRead', contentType: 'application/zip' });
});

test('bytes that the store did not keep are sent again', async () => {
  server.objects.keepOfNextChunk = 2 ** 20;
  await bucket.upload('output/kept.zip', largeBody(), options);
  assert.equal(server.objects.get('output/kept.zip')?.bytes.length, LARGE_BYTES);
  assert.equal(
    await digest((await bucket.open('output/kept.zip', never)).body),
    await digest(largeBody()),
  );
});

test('a store that keeps nothing is unavailable', async () => {
  server.objects.keepOfNextChunk = 0;
  await assert.rejects(bucket.upload('output/none.zip', largeBody(), options), {
    code: 'bucket_unavailable',
    message: 'The object store has 0 bytes of "output/none.zip" after 4194304 were sent.',
  });
});

test('an upload that the store has forgotten is unavailable, not missing', async () => {
  const forgetting = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(9 * 2 ** 20);
    server.objects.loseSessions();
    yield Buffer.alloc(9 * 2 ** 20);
  };
  await assert.rejects(bucket.upload('output/lost.zip', forgetting(), options), {
    code: 'bucket_unavailable',
    message: 'gs://images lost the upload of "output/lost.zip": the upload session expired.',
  });
});

for (const [access, body] of [
  ['uniform', () => pieces(bytes)],
  ['uniform', largeBody],
  ['public access prevented', () => pieces(bytes)],
  ['public access prevented', largeBody],
] as const) {
  test(`where the bucket has ${access} access, objects are stored without ACL, with one warning`, async () => {
    const cautious = openBucket();
    server.objects.access = access;
    for (const key of ['output/first.zip', 'output/second.zip']) {
      await cautious.upload(key, body(), options);
      assert.equal(server.objects.get(key)?.acl, undefined);
    }
    server.objects.access = 'fine-grained';
    assert.deepEqual(warnings, [
      'Bucket gs://images takes no ACLs on objects: results are public only if the bucket is.',
    ]);
    assert.equal(
      await digest((await cautious.open('output/second.zip', never)).body),
      await digest(body()),
    );
  });
}

test('a 400 that is not about ACLs does not make objects private', async () => {
  proxy.fail('POST', { status: 400, body: 'Bad Request' });
  await assert.rejects(bucket.upload('output/c.zip', pieces(bytes), options), {
    code: 'bucket_refused',
  });
  await bucket.upload('output/c.zip', pieces(bytes), options);
  assert.equal(server.objects.get('output/c.zip')?.acl, 'publicRead');
});

test('an object whose checksum differs from its bytes is a corrupt transfer', async () => {
  await bucket.upload('output/d.zip', pieces(bytes), options);
  const object = server.objects.get('output/d.zip');
  assert.ok(object);
  server.objects.set('output/d.zip', { ...object, crc32c: 'AAAAAA==' });
  await assert.rejects(read(bucket, 'output/d.zip'), { code: 'bucket_corrupt_transfer' });
});

const MISMATCH = 'Provided CRC32C "AAAAAA==" doesn\'t match calculated CRC32C "yZRlqg==".';

test('an upload whose bytes changed on the way is a corrupt transfer', async () => {
  proxy.fail('POST', { status: 400, body: MISMATCH });
  await assert.rejects(bucket.upload('output/e.zip', pieces(bytes), options), {
    code: 'bucket_corrupt_transfer',
  });
  proxy.fail('POST', { status: 200, body: '{"crc32c":"AAAAAA=="}' });
  await assert.rejects(bucket.upload('output/e.zip', pieces(bytes), options), {
    code: 'bucket_corrupt_transfer',
  });
});

test('an object that is stored compressed comes unpacked', async () => {
  const packed = gzipSync(bytes);
  await bucket.upload('uploads/packed.txt', pieces(packed), options);
  const object = server.objects.get('uploads/packed.txt');
  assert.ok(object);
  server.objects.set('uploads/packed.txt', { ...object, contentEncoding: 'gzip' });
  const { size } = await bucket.open('uploads/packed.txt', never);
  assert.equal(size, undefined);
  assert.ok((await read(bucket, 'uploads/packed.txt')).equals(bytes));
});

test('too many requests of one user are no lack of rights', async () => {
  const errors = [{ reason: 'userRateLimitExceeded' }];
  const body = JSON.stringify({ error: { code: 403, message: 'Slow down.', errors } });
  proxy.fail('GET', { status: 403, body });
  await assert.rejects(bucket.open('output/a.zip', never), { code: 'bucket_unavailable' });
});

test('a bucket that does not exist is a wrong setting', async () => {
  const other = new GcsBucket('nowhere', { gcsEndpoint: server.endpoint, warn: () => {} });
  for (const work of [
    () => other.open('a.tif', never),
    () => other.upload('a.tif', pieces(bytes), options),
    () => other.remove('a.tif', never),
  ]) {
    await assert.rejects(work, {
      code: 'bucket_misconfigured',
      message: 'There is no bucket gs://nowhere: HTTP 404: The specified bucket does not exist.',
    });
  }
});

test('without credentials there is no access', async () => {
  process.env['GOOGLE_APPLICATION_CREDENTIALS'] = '/nowhere/key.json';
  const real = new GcsBucket('images', { gcsEndpoint: '', warn: () => {} });
  await assert.rejects(real.open('a.tif', never), {
    code: 'bucket_auth',
    message:
      /^Our credentials are not accepted for gs:\/\/images: .*\/nowhere\/key.json does not exist/,
  });
});
