import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, describe, test } from 'node:test';
import { S3Bucket, type S3BucketOptions } from '../../../../src/adapters/bucket/s3/s3-bucket.ts';
import {
  ScriptedStore,
  type StoreAnswer,
  type StoreRequest,
  s3Refusal,
  s3Success,
} from '../../../harness/bucket/s3-store.ts';
import { never, options, pieces, read } from '../bodies.ts';

const bytes = Buffer.alloc(1000, 'bytes');
const large = Buffer.alloc(20_000_000, 'large');

let warnings: string[] = [];
let closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(closing.map((close) => close()));
  closing = [];
  warnings = [];
});

process.env['AWS_ACCESS_KEY_ID'] = 'key';
process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';

async function open(
  answer: (request: StoreRequest) => StoreAnswer,
  given: Partial<S3BucketOptions> = {},
): Promise<{ readonly bucket: S3Bucket; readonly store: ScriptedStore }> {
  const store = await ScriptedStore.start(answer);
  const bucket = new S3Bucket('field', {
    s3Endpoint: store.endpoint,
    s3Region: 'us-east-1',
    warn: (message) => warnings.push(message),
    ...given,
  });
  closing.push(
    () => bucket.close(),
    () => store.close(),
  );
  return { bucket, store };
}

/** The names of headers that servers from before 2022 do not know. */
function checksumHeaders({ headers }: StoreRequest): string[] {
  return Object.keys(headers).filter((name) => /^x-amz-(checksum|sdk-checksum|trailer)/.test(name));
}

describe('a store that does not know checksum headers', () => {
  const WORDS = 'A header you provided implies functionality that is not implemented';
  for (const [status, code] of [
    [501, 'NotImplemented'],
    [400, 'InvalidArgument'],
  ] as const) {
    const answer = (request: StoreRequest): StoreAnswer => {
      const [header] = checksumHeaders(request);
      return header === undefined
        ? s3Success(request, 'content')
        : s3Refusal(status, code, `${WORDS}: ${header}`);
    };

    test(`and answers ${status} gets none after its first refusal, and the log says so once`, async () => {
      const { bucket, store } = await open(answer);
      await bucket.upload('output/a.zip', pieces(bytes), options);
      assert.equal(store.requests.length, 2);
      await bucket.upload('output/b.zip', pieces(large), options);
      assert.equal((await read(bucket, 'output/a.zip')).toString(), 'content');
      assert.deepEqual(store.requests.slice(1).flatMap(checksumHeaders), []);
      assert.deepEqual(warnings, [
        's3://field does not know checksum headers: they are left off from now on.',
      ]);
    });

    test(`and answers ${status} to a download or an upload in parts is understood too`, async () => {
      const first = await open(answer);
      assert.equal((await read(first.bucket, 'a.tif')).toString(), 'content');
      const second = await open(answer);
      await second.bucket.upload('output/b.zip', pieces(large), options);
    });
  }

  for (const [status, code] of [
    [501, 'NotImplemented'],
    [400, 'InvalidArgument'],
  ] as const) {
    test(`but ignores them in downloads is understood when it answers ${status} to an upload`, async () => {
      const { bucket, store } = await open((request) =>
        request.method !== 'GET' && checksumHeaders(request).length > 0
          ? s3Refusal(status, code, WORDS)
          : s3Success(request, 'content'),
      );
      assert.equal((await read(bucket, 'a.tif')).toString(), 'content');
      await bucket.remove('b.tif', options.signal);
      await bucket.upload('output/a.zip', pieces(bytes), options);
      await bucket.upload('output/b.zip', pieces(large), options);
      assert.deepEqual(store.requests.slice(3).flatMap(checksumHeaders), []);
      assert.equal(warnings.length, 1);
    });
  }

  test('in uploads in parts only is understood', async () => {
    const { bucket } = await open((request) =>
      request.url.includes('upload') && checksumHeaders(request).length > 0
        ? s3Refusal(501, 'NotImplemented', WORDS)
        : s3Success(request),
    );
    await bucket.upload('output/a.zip', pieces(bytes), options);
    await bucket.upload('output/b.zip', pieces(large), options);
  });

  test('gets the checksum that every server knows', async () => {
    const { bucket, store } = await open((request) =>
      checksumHeaders(request).length > 0
        ? s3Refusal(501, 'NotImplemented', WORDS)
        : s3Success(request),
    );
    await bucket.upload('output/a.zip', pieces(bytes), options);
    const md5 = createHash('md5').update(bytes).digest('base64');
    assert.equal(store.requests.at(-1)?.headers['content-md5'], md5);
  });
});

test('a refusal for another reason stands, in the words of the store, and checksums stay', async () => {
  const { bucket, store } = await open(() =>
    s3Refusal(400, 'InvalidRequest', 'The bucket is on a diet.'),
  );
  await assert.rejects(bucket.upload('output/a.zip', pieces(bytes), options), {
    code: 'bucket_refused',
    message: 's3://field refused "output/a.zip": HTTP 400 InvalidRequest: The bucket is on a diet.',
  });
  await assert.rejects(bucket.upload('output/a.zip', pieces(bytes), options));
  assert.deepEqual(
    store.requests.map((request) => checksumHeaders(request).length > 0),
    [true, false, true, false],
  );
  assert.deepEqual(warnings, []);
});

test('a store that has taken checksums is not asked without them', async () => {
  let isWell = true;
  const { bucket, store } = await open((request) =>
    isWell ? s3Success(request) : s3Refusal(400, 'InvalidRequest', 'No.'),
  );
  await bucket.upload('output/a.zip', pieces(bytes), options);
  isWell = false;
  await assert.rejects(bucket.upload('output/b.zip', pieces(bytes), options));
  assert.equal(store.requests.length, 2);
});

describe('a bucket in another region', () => {
  function regionOf({ headers }: StoreRequest): string {
    return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? '';
  }

  for (const [name, refusal] of [
    [
      'a redirect',
      s3Refusal(301, 'PermanentRedirect', 'Address the bucket by its endpoint.', {
        headers: { 'x-amz-bucket-region': 'eu-west-1' },
      }),
    ],
    [
      'a refusal',
      s3Refusal(400, 'AuthorizationHeaderMalformed', 'The region is wrong.', {
        more: '<Region>eu-west-1</Region>',
      }),
    ],
  ] as const) {
    test(`is found by ${name} that names the region, and the log says so once`, async () => {
      const { bucket, store } = await open((request) =>
        regionOf(request) === 'eu-west-1' ? s3Success(request) : refusal,
      );
      await bucket.upload('output/a.zip', pieces(bytes), options);
      await bucket.upload('output/b.zip', pieces(bytes), options);
      const regions = store.requests.map(regionOf);
      assert.deepEqual(regions, ['us-east-1', 'eu-west-1', 'eu-west-1']);
      assert.deepEqual(warnings, [
        's3://field is in region eu-west-1, not us-east-1: set AWS_REGION to it.',
      ]);
    });
  }

  test('that is not named is a wrong setting', async () => {
    const { bucket } = await open(() => s3Refusal(301, 'PermanentRedirect', 'Elsewhere.'));
    await assert.rejects(bucket.open('a.tif', never), {
      code: 'bucket_misconfigured',
      message:
        's3://field cannot be used with these settings: HTTP 301 PermanentRedirect: Elsewhere. Set AWS_REGION to the region of the bucket.',
    });
  });
});

test('an archived object fails with the words of the store', async () => {
  const words = "The operation is not valid for the object's storage class";
  const { bucket } = await open(() => s3Refusal(403, 'InvalidObjectState', words));
  await assert.rejects(bucket.open('a.tif', never), {
    code: 'forbidden_object',
    message: `"a.tif" cannot be read as it is stored: HTTP 403 InvalidObjectState: ${words}.`,
  });
});

for (const [status, body, code, words] of [
  [503, '<html><body><h1>Squid is full</h1></body></html>', 'bucket_unavailable', 'Squid is full'],
  [403, 'Blocked by the firewall.', 'access_denied', 'Blocked by the firewall'],
  [502, 'Bad <Gateway', 'bucket_unavailable', 'Bad <Gateway'],
] as const) {
  test(`an answer of ${status} that is "${body}" keeps its meaning and its words`, async () => {
    const { bucket } = await open(() => ({ status, body }));
    await assert.rejects(bucket.open('a.tif', never), ({ code: found, message }) => {
      assert.equal(found, code);
      assert.ok(message.endsWith(`: HTTP ${status}: ${words}.`), message);
      return true;
    });
  });
}

test('requests to a bucket whose requesters pay say that we do', async () => {
  const { bucket, store } = await open((request) => s3Success(request), { s3RequesterPays: true });
  await bucket.upload('output/a.zip', pieces(bytes), options);
  await bucket.upload('output/b.zip', pieces(large), options);
  await read(bucket, 'a.tif');
  await bucket.remove('output/a.zip', never);
  const payers = store.requests.map(({ headers }) => headers['x-amz-request-payer']);
  assert.deepEqual([...new Set(payers)], ['requester']);
});

test('anonymous requests are not signed', async () => {
  const { bucket, store } = await open((request) => s3Success(request), { anonymous: true });
  await read(bucket, 'a.tif');
  await bucket.upload('output/a.zip', pieces(bytes), options);
  assert.deepEqual(
    store.requests.map(({ headers }) => headers.authorization),
    [undefined, undefined],
  );
});

describe('a proxy', () => {
  const proxies = { httpProxy: '', httpsProxy: '', noProxy: '' };

  test('is asked for an http store', async () => {
    const proxy = await ScriptedStore.start((request) => s3Success(request, 'by proxy'));
    const { bucket } = await open(() => assert.fail('asked without the proxy'), {
      s3Endpoint: 'http://store.invalid',
      proxy: { ...proxies, httpProxy: proxy.endpoint },
    });
    closing.push(() => proxy.close());
    assert.equal((await read(bucket, 'a.tif')).toString(), 'by proxy');
    assert.match(proxy.requests[0]?.url ?? '', /^http:\/\/store\.invalid\/field\/a\.tif/);
  });

  test('tunnels to an https store', async () => {
    const proxy = await ScriptedStore.start(() => assert.fail('asked in plain text'));
    const { bucket } = await open(() => assert.fail('asked without the proxy'), {
      s3Endpoint: 'https://store.invalid',
      proxy: { ...proxies, httpsProxy: proxy.endpoint },
    });
    closing.push(() => proxy.close());
    await assert.rejects(read(bucket, 'a.tif'), { code: 'bucket_unavailable' });
    assert.deepEqual(proxy.tunnels, ['store.invalid:443']);
  });

  test('is not asked for hosts of NO_PROXY', async () => {
    const { bucket, store } = await open((request) => s3Success(request, 'direct'), {
      proxy: { ...proxies, httpProxy: 'http://127.0.0.1:1', noProxy: 'example.org,127.0.0.1' },
    });
    assert.equal((await read(bucket, 'a.tif')).toString(), 'direct');
    assert.equal(store.requests.length, 1);
  });
});
