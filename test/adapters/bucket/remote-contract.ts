import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import type { BucketTimeouts } from '../../../src/adapters/bucket/timeouts.ts';
import type { Bucket } from '../../../src/ports.ts';
import { type Fault, HttpFaultProxy } from '../../proxies/http-fault-proxy.ts';
import { HUGE_BYTES, digest, largeBody, never, options, pieces, read } from './bodies.ts';

interface Store {
  readonly port: number;
  /** The bucket behind an endpoint. */
  bucketAt(endpoint: string, timeouts?: BucketTimeouts): Bucket;
  /** Method of the request that uploads a small object. */
  readonly uploadMethod: string;
  close(): Promise<void>;
}

interface Subject {
  readonly store: Store;
  readonly proxy: HttpFaultProxy;
  readonly bucket: Bucket;
}

const bytes = Buffer.alloc(300_000, 'bytes');
/** So long that it does not end before a test does, unless the test is about it. */
const AGES = 600_000;

/** What buckets behind a network do when it fails. Nothing is tried twice: that is up to the caller. */
export function remoteContract(name: string, open: () => Promise<Store>): void {
  describe(`remote bucket: ${name}`, () => {
    let subject: Subject;
    before(async () => {
      const store = await open();
      const proxy = await HttpFaultProxy.start(store.port);
      subject = { store, proxy, bucket: store.bucketAt(proxy.endpoint) };
      await subject.bucket.upload('output/a.zip', pieces(bytes), options);
      await subject.bucket.upload('output/huge.zip', largeBody(HUGE_BYTES), options);
    });
    after(async () => {
      await subject.bucket.close();
      await subject.proxy.close();
      await subject.store.close();
    });

    failedDownloads(() => subject);
    failedUploads(() => subject);
    slowStores(() => subject);
    boundedMemory(() => subject);
  });
}

const DOWNLOADS: readonly (readonly [string, Fault, string])[] = [
  ['500', { status: 500 }, 'bucket_unavailable'],
  ['503', { status: 503 }, 'bucket_unavailable'],
  ['429', { status: 429 }, 'bucket_unavailable'],
  ['403', { status: 403 }, 'access_denied'],
  ['404', { status: 404 }, 'missing_object'],
  ['401', { status: 401 }, 'bucket_auth'],
  ['418', { status: 418 }, 'bucket_refused'],
  ['a reset', 'reset', 'bucket_unavailable'],
  ['a reset midway', 'reset the answer', 'bucket_unavailable'],
  ['an early end', 'truncate the answer', 'bucket_unavailable'],
  ['a wrong byte', 'corrupt the answer', 'bucket_corrupt_transfer'],
];

function failedDownloads(subject: () => Subject): void {
  for (const [what, fault, code] of DOWNLOADS) {
    test(`a download that meets ${what} is ${code}, asked once, and the next one works`, async () => {
      const { bucket, proxy } = subject();
      const asked = proxy.requests.length;
      proxy.fail('GET', fault);
      await assert.rejects(read(bucket, 'output/a.zip'), { code });
      assert.equal(proxy.requests.length, asked + 1);
      assert.ok((await read(bucket, 'output/a.zip')).equals(bytes));
    });
  }

  test('a download that breaks off takes no other with it', async () => {
    const { bucket, proxy } = subject();
    const other = await bucket.open('output/huge.zip', never);
    proxy.fail('GET', 'reset the answer');
    await assert.rejects(read(bucket, 'output/a.zip'), { code: 'bucket_unavailable' });
    assert.equal(await digest(other.body), await digest(largeBody(HUGE_BYTES)));
  });

  test('a download that is given up closes its connection', async () => {
    const { bucket, proxy } = subject();
    const control = new AbortController();
    const { body } = await bucket.open('output/huge.zip', control.signal);
    control.abort(new KnownError('shutting_down', 'Stopping.'));
    await assert.rejects(digest(body), { code: 'shutting_down' });
    await proxy.settled();
  });

  test('a store that is not there is unavailable, and its address stays out of the message', async () => {
    const bucket = subject().store.bucketAt('http://127.0.0.1:1');
    await assert.rejects(bucket.open('output/a.zip', never), {
      code: 'bucket_unavailable',
      message: `${bucket.url} cannot be used now: ECONNREFUSED.`,
    });
    await bucket.close();
  });
}

const UPLOADS: readonly (readonly [string, Fault, string])[] = [
  ['503', { status: 503 }, 'bucket_unavailable'],
  ['429', { status: 429 }, 'bucket_unavailable'],
  ['403', { status: 403 }, 'access_denied'],
  ['401', { status: 401 }, 'bucket_auth'],
  ['a reset', 'reset', 'bucket_unavailable'],
  ['a reset midway', 'reset the request', 'bucket_unavailable'],
];

function failedUploads(subject: () => Subject): void {
  for (const [what, fault, code] of UPLOADS) {
    test(`an upload that meets ${what} is ${code}, leaves nothing, and may be repeated`, async () => {
      const { bucket, proxy, store } = subject();
      const key = `output/upload after ${what}.zip`;
      proxy.fail(store.uploadMethod, fault);
      await assert.rejects(bucket.upload(key, pieces(bytes), options), { code });
      await assert.rejects(bucket.open(key, never), { code: 'missing_object' });
      await bucket.upload(key, pieces(bytes), options);
      assert.ok((await read(bucket, key)).equals(bytes));
    });

    if (code === 'bucket_unavailable') {
      test(`an upload in which a chunk meets ${what} goes on, and what is stored is whole`, async () => {
        const { bucket, proxy } = subject();
        const key = `output/chunk with ${what}.zip`;
        proxy.fail('PUT', fault);
        await bucket.upload(key, largeBody(), options);
        const { body } = await bucket.open(key, never);
        assert.equal(await digest(body), await digest(largeBody()));
      });
    } else {
      test(`a chunk of an upload that meets ${what} is ${code}, and leaves nothing`, async () => {
        const { bucket, proxy } = subject();
        const key = `output/chunk with ${what}.zip`;
        proxy.fail('PUT', fault);
        await assert.rejects(bucket.upload(key, largeBody(), options), { code });
        await assert.rejects(bucket.open(key, never), { code: 'missing_object' });
      });
    }
  }

  test('a chunk of an upload that meets nothing but 503 is bucket_unavailable, and leaves nothing', async () => {
    const { bucket, proxy } = subject();
    proxy.rule = (method) => (method === 'PUT' ? { status: 503 } : undefined);
    const upload = bucket.upload('output/never.zip', largeBody(), options);
    await assert.rejects(upload, { code: 'bucket_unavailable' });
    proxy.rule = () => undefined;
    await assert.rejects(bucket.open('output/never.zip', never), { code: 'missing_object' });
  });

  test('a large upload gets through a store that fails one request in three', async () => {
    const { bucket, proxy } = subject();
    let count = 0;
    proxy.rule = (method) => (method === 'PUT' && count++ % 3 === 1 ? { status: 429 } : undefined);
    await bucket.upload('output/bursts.zip', largeBody(), options);
    proxy.rule = () => undefined;
    const { body } = await bucket.open('output/bursts.zip', never);
    assert.equal(await digest(body), await digest(largeBody()));
  });

  test('a removal that meets 503 is bucket_unavailable', async () => {
    const { bucket, proxy } = subject();
    proxy.fail('DELETE', { status: 503 });
    await assert.rejects(bucket.remove('output/none.zip', never), { code: 'bucket_unavailable' });
  });
}

function slowStores(subject: () => Subject): void {
  const hurried = { requestTimeoutMs: 50, stallTimeoutMs: AGES, stallBytes: 1 };
  // A rule, not a fault for the next request: on a busy machine the timeout may pass before any request has come.
  const silent = async (method: string, attempt: () => Promise<unknown>): Promise<void> => {
    const { proxy } = subject();
    proxy.rule = (asked) => (asked === method ? 'mute' : undefined);
    await assert.rejects(attempt, { code: 'bucket_unavailable' });
    await proxy.settled();
    proxy.rule = () => undefined;
  };

  test('a store that does not answer is unavailable, and its connection is closed', async () => {
    const { proxy, store } = subject();
    const bucket = store.bucketAt(proxy.endpoint, hurried);
    await silent('GET', () => bucket.open('output/a.zip', never));
    await bucket.close();
  });

  test('an upload whose bytes nobody answers is unavailable', async () => {
    const { proxy, store } = subject();
    const bucket = store.bucketAt(proxy.endpoint, hurried);
    await silent(store.uploadMethod, () =>
      bucket.upload('output/mute.zip', pieces(bytes), options),
    );
    await bucket.close();
  });

  test('a download that drips is given up', async () => {
    const { proxy, store } = subject();
    const bucket = store.bucketAt(proxy.endpoint, {
      requestTimeoutMs: AGES,
      stallTimeoutMs: 50,
      stallBytes: 100_000,
    });
    proxy.fail('GET', 'trickle the answer');
    await assert.rejects(read(bucket, 'output/a.zip'), {
      code: 'bucket_unavailable',
      message: '"output/a.zip" stalled: fewer than 100000 bytes in 0.05 s.',
    });
    await proxy.settled();
    await bucket.close();
  });

  test('a download that nobody reads closes its connection', async () => {
    const { proxy, store } = subject();
    const bucket = store.bucketAt(proxy.endpoint, {
      requestTimeoutMs: AGES,
      stallTimeoutMs: 50,
      stallBytes: 1,
    });
    const { size } = await bucket.open('output/huge.zip', never);
    assert.equal(size, HUGE_BYTES);
    await proxy.settled();
    await bucket.close();
  });

  test('a request that waits for its answer ends when it is given up', async () => {
    const { bucket, proxy } = subject();
    const control = new AbortController();
    proxy.fail('GET', 'mute');
    const arrived = proxy.nextRequest();
    const download = bucket.open('output/a.zip', control.signal);
    await Promise.all([
      assert.rejects(download, { code: 'shutting_down' }),
      arrived.then(() => control.abort(new KnownError('shutting_down', 'Stopping.'))),
    ]);
    await proxy.settled();
  });
}

/** Twice a part of an upload, and what lies in the buffers of sockets. */
const MOST_AHEAD = 24 * 2 ** 20;

function boundedMemory(subject: () => Subject): void {
  test('an upload takes no more of its body than it can send', async () => {
    const { bucket, proxy } = subject();
    const start = proxy.received;
    let taken = 0;
    let ahead = 0;
    const body = largeBody(HUGE_BYTES, (piece) => {
      taken += piece;
      ahead = Math.max(ahead, taken - (proxy.received - start));
    });
    await bucket.upload('output/bounded.zip', body, options);
    assert.ok(ahead < MOST_AHEAD, `${ahead} bytes were taken and not sent`);
  });

  test('a download takes no more than is read', async () => {
    const { bucket, proxy } = subject();
    const start = proxy.sent;
    const { body } = await bucket.open('output/huge.zip', never);
    let taken = 0;
    let ahead = 0;
    for await (const chunk of body) {
      taken += chunk.length;
      ahead = Math.max(ahead, proxy.sent - start - taken);
      await new Promise(setImmediate);
    }
    assert.equal(taken, HUGE_BYTES);
    assert.ok(ahead < MOST_AHEAD, `${ahead} bytes were sent and not read`);
  });
}
