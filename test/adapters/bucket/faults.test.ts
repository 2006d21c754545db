import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { GcsBucket } from '../../../src/adapters/bucket/gcs-bucket.ts';
import { openBucket } from '../../../src/adapters/bucket/open-bucket.ts';
import { type GcsFault, type GcsServer, startGcsServer } from '../../fakes/gcs-server.ts';

const never = new AbortController().signal;
const options = { contentType: 'application/zip', signal: never };
const bytes = Buffer.alloc(300_000, 'bytes');
const warnings: string[] = [];
let server: GcsServer;
let bucket: GcsBucket;

before(async () => {
  server = await startGcsServer('images');
  bucket = new GcsBucket('images', {
    gcsEndpoint: server.endpoint,
    warn: (words) => warnings.push(words),
  });
});
after(() => server.close());

async function* body(): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function read(key: string): Promise<Buffer> {
  return buffer((await bucket.open(key, never)).body);
}

const downloads: readonly (readonly [GcsFault, string])[] = [
  ['503', 'bucket_unavailable'],
  ['reset', 'bucket_unavailable'],
  ['truncate', 'bucket_unavailable'],
  ['corrupt', 'bucket_corrupt_transfer'],
  ['403', 'forbidden_object'],
];
for (const [fault, code] of downloads) {
  test(`a download that meets "${fault}" is ${code}, and the next one works`, async () => {
    await bucket.upload('output/a.zip', body(), options);
    server.fail(fault);
    await assert.rejects(read('output/a.zip'), { code });
    assert.ok((await read('output/a.zip')).equals(bytes));
  });
}

for (const fault of ['503', 'reset'] as const) {
  test(`an upload that meets "${fault}" is bucket_unavailable, leaves nothing, and may be repeated`, async () => {
    server.fail(fault);
    await assert.rejects(bucket.upload(`output/${fault}.zip`, body(), options), {
      code: 'bucket_unavailable',
    });
    assert.equal(server.objects.has(`output/${fault}.zip`), false);
    await bucket.upload(`output/${fault}.zip`, body(), options);
    assert.ok(server.objects.get(`output/${fault}.zip`)?.bytes.equals(bytes));
  });
}

test('results are public, and where the bucket forbids that they are stored all the same, with one warning', async () => {
  await bucket.upload('output/public.zip', body(), options);
  assert.equal(server.objects.get('output/public.zip')?.acl, 'publicRead');
  server.fail('uniform access');
  await assert.rejects(bucket.upload('output/private.zip', body(), options), {
    code: 'bucket_unavailable',
  });
  for (const key of ['output/private.zip', 'output/other.zip'])
    await bucket.upload(key, body(), options);
  assert.equal(server.objects.get('output/private.zip')?.acl, undefined);
  assert.deepEqual(warnings, [
    'Bucket gs://images has uniform access: results are public only if the bucket is.',
  ]);
});

test('only known schemes are opened', async () => {
  const settings = { gcsEndpoint: '', s3Endpoint: '', s3Region: '', warn: () => {} };
  await assert.rejects(openBucket('ftp://images', settings), {
    code: 'bad_settings',
    message:
      /^STORAGE_BUCKET is "ftp:\/\/images", but must begin with one of gs:\/\/, s3:\/\/, file:\/\/ /,
  });
  assert.equal((await openBucket('GS://Images', settings)).url, 'gs://images');
  assert.equal(
    (await openBucket('gs://images', settings)).publicUrl('output/a b.zip'),
    'https://storage.googleapis.com/images/output/a%20b.zip',
  );
});
