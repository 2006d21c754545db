import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import {
  GcsBucket,
  type GcsBucketOptions,
} from '../../../../src/adapters/bucket/gcs/gcs-bucket.ts';
import {
  ScriptedStore,
  type StoreAnswer,
  type StoreRequest,
} from '../../../harness/bucket/s3-store.ts';
import { largeBody, never, options, pieces, read } from '../bodies.ts';

const bytes = Buffer.alloc(1000, 'bytes');

async function open(
  context: TestContext,
  answer: (request: StoreRequest) => StoreAnswer,
  given: Partial<GcsBucketOptions> = {},
): Promise<{ readonly bucket: GcsBucket; readonly store: ScriptedStore }> {
  const store = await ScriptedStore.start(answer);
  context.after(() => store.close());
  const bucket = new GcsBucket('field', { gcsEndpoint: store.endpoint, warn: () => {}, ...given });
  return { bucket, store };
}

/** What the service answers when all is well: each chunk but the last is kept, each object is stored. */
function success({ method, url, headers }: StoreRequest): StoreAnswer {
  if (url.includes('uploadType=resumable'))
    return {
      status: 200,
      headers: { location: `http://${headers.host}/session?upload_id=secret` },
    };
  const [, last = ''] = /^bytes \d+-(\d+)\/\*$/.exec(headers['content-range'] ?? '') ?? [];
  if (last !== '') return { status: 308, headers: { range: `bytes=0-${last}` } };
  return { status: 200, body: method === 'GET' ? 'content' : '{}' };
}

test('a bucket whose requesters pay is a wrong setting, and the message names the right one', async (context) => {
  const message = 'Bucket is a requester pays bucket but no user project provided.';
  const body = JSON.stringify({ error: { code: 400, message, errors: [{ reason: 'required' }] } });
  const { bucket } = await open(context, () => ({ status: 400, body }));
  for (const work of [
    () => bucket.open('a.tif', never),
    () => bucket.upload('output/a.zip', pieces(bytes), options),
  ]) {
    await assert.rejects(work, {
      code: 'bucket_misconfigured',
      message: `gs://field cannot be used with these settings: HTTP 400: ${message} (required). Set STORAGE_USER_PROJECT to the project that pays.`,
    });
  }
});

test('every request names the project that pays', async (context) => {
  const { bucket, store } = await open(context, success, { gcsUserProject: 'our-project' });
  await read(bucket, 'a.tif');
  await bucket.upload('output/a.zip', pieces(bytes), options);
  await bucket.upload('output/b.zip', largeBody(), options);
  await bucket.remove('output/a.zip', never);
  for (const { url } of store.requests) {
    assert.equal(new URL(url, store.endpoint).searchParams.get('userProject'), 'our-project', url);
  }
});

test('what the service says of a refusal is in the message, and the URL of a session is not', async (context) => {
  const { bucket } = await open(context, (request) =>
    request.method === 'PUT' ? { status: 403, body: 'No more quota.' } : success(request),
  );
  await assert.rejects(bucket.upload('output/b.zip', largeBody(), options), (error: Error) => {
    assert.equal(
      error.message,
      'We may not read or write "output/b.zip": HTTP 403: No more quota.',
    );
    return true;
  });
});

test('objects of a public bucket are read without credentials', async (context) => {
  const proxy = await ScriptedStore.start(() => assert.fail('asked in plain text'));
  context.after(() => proxy.close());
  const url = new URL('../../../../src/adapters/bucket/open-bucket.ts', import.meta.url).href;
  const script = `
    const { openBucket } = await import(${JSON.stringify(url)});
    const options = { gcsEndpoint: '', s3Endpoint: '', s3Region: '', warn() {}, anonymous: true };
    const bucket = await openBucket('gs://field', options);
    await bucket.open('a.tif', new AbortController().signal).catch(({ code }) => console.log(code));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { env: { HTTPS_PROXY: proxy.endpoint } },
  );
  // No token is asked for: the only host is that of the objects, by way of the proxy.
  assert.deepEqual(proxy.tunnels, ['storage.googleapis.com:443']);
  assert.equal(stdout.trim(), 'bucket_unavailable');
});
