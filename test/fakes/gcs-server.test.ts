import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Storage } from '@google-cloud/storage';
import { PassThroughClient } from 'google-auth-library';
import { crc32c } from './crc32c.ts';
import { type GcsServer, startGcsServer } from './gcs-server.ts';

/* The fake is right if Google's own client gets on with it, and strict if it refuses what the service refuses. */

const bytes = Buffer.alloc(700_000, 'bytes');
let server: GcsServer;
let client: ReturnType<Storage['bucket']>;

before(async () => {
  server = await startGcsServer('images');
  const storage = new Storage({
    apiEndpoint: server.endpoint,
    authClient: new PassThroughClient(),
    retryOptions: { autoRetry: false },
  });
  client = storage.bucket('images');
});
after(() => server.close());

test('the checksum is that of RFC 3720', () => {
  // The check value of CRC-32C in the catalogue of parametrised CRC algorithms: 0xe3069283 for "123456789".
  assert.equal(crc32c(Buffer.from('123456789')), Buffer.from('e3069283', 'hex').toString('base64'));
});

for (const [way, options] of [
  ['at once', { resumable: false }],
  ['in one chunk', { resumable: true }],
  ['in chunks', { resumable: true, chunkSize: 256 * 1024 }],
] as const) {
  test(`the client of Google uploads ${way}, and downloads`, async () => {
    const file = client.file(`uploads/${way} ü.tif`);
    const metadata = { contentType: 'image/tiff' };
    await file.save(bytes, {
      ...options,
      metadata,
      predefinedAcl: 'publicRead',
      validation: 'crc32c',
    });
    const [downloaded] = await file.download({ validation: 'crc32c' });
    assert.ok(downloaded.equals(bytes));
    const [told] = await file.getMetadata();
    assert.deepEqual([told.contentType, Number(told.size)], ['image/tiff', bytes.length]);
    assert.equal(server.objects.get(file.name)?.acl, 'publicRead');
    await file.delete();
    await assert.rejects(file.download(), { code: 404 });
  });
}

async function ask(path: string, init: RequestInit): Promise<number> {
  const response = await fetch(server.endpoint + path, init);
  await response.arrayBuffer();
  return response.status;
}

async function session(): Promise<string> {
  const upload = '/upload/storage/v1/b/images/o?uploadType=resumable&name=a.tif';
  const { headers } = await fetch(server.endpoint + upload, { method: 'POST' });
  return new URL(headers.get('location') ?? '').href.slice(server.endpoint.length);
}

for (const [what, range, length, hash, status] of [
  ['a chunk that is not a multiple of 256 KiB', 'bytes 0-99/*', 100, '', 400],
  ['a range that is not that of the body', 'bytes 0-99/100', 99, '', 400],
  ['a range that cannot be read', 'bytes 0--1/0', 0, '', 400],
  ['a gap', 'bytes 100-199/200', 100, '', 503],
  ['bytes beyond the end', 'bytes 0-99/50', 100, '', 400],
  ['a wrong checksum', 'bytes 0-99/100', 100, 'crc32c=AAAAAA==', 400],
] as const) {
  test(`${what} is refused`, async () => {
    const headers = { 'content-range': range, ...(hash !== '' && { 'x-goog-hash': hash }) };
    const body = Buffer.alloc(length, 'x');
    assert.equal(await ask(await session(), { method: 'PUT', headers, body }), status);
  });
}

for (const [what, path, status] of [
  ['another bucket', '/upload/storage/v1/b/another/o?uploadType=media&name=a', 404],
  ['an object without name', '/upload/storage/v1/b/images/o?uploadType=media', 400],
  [
    'an unknown ACL',
    '/upload/storage/v1/b/images/o?uploadType=media&name=a&predefinedAcl=all',
    400,
  ],
  ['an unknown way', '/upload/storage/v1/b/images/o?uploadType=other&name=a', 400],
  ['a name with unencoded slashes', '/storage/v1/b/images/o/uploads/a.tif', 404],
] as const) {
  test(`${what} is refused`, async () => {
    assert.equal(await ask(path, { method: 'POST', body: 'x' }), status);
  });
}

test('an unknown session is refused', async () => {
  const headers = { 'content-range': 'bytes 0-0/1' };
  const path = '/upload/storage/v1/b/images/o?uploadType=resumable&upload_id=unknown';
  assert.equal(await ask(path, { method: 'PUT', headers, body: 'x' }), 404);
});
