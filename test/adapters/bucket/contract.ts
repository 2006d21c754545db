import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { KnownError } from '../../../src/errors.ts';
import type { Bucket } from '../../../src/ports.ts';

interface Subject {
  readonly bucket: Bucket;
  close(): Promise<void>;
}

const never = new AbortController().signal;
const options = { contentType: 'application/zip', signal: never };

async function* chunks(bytes: Uint8Array, size = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(bucket: Bucket, key: string): Promise<Buffer> {
  return buffer((await bucket.open(key, never)).body);
}

/** What every bucket does, whatever is behind it. */
export function bucketContract(name: string, open: () => Promise<Subject>): void {
  describe(`bucket: ${name}`, () => {
    let subject: Subject;
    before(async () => {
      subject = await open();
    });
    after(() => subject.close());

    for (const size of [1, 70_000, 9_000_001]) {
      test(`an object of ${size} bytes comes back as it was`, async () => {
        const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 31) >> 3);
        const url = await subject.bucket.upload(`output/${size}.zip`, chunks(bytes), options);
        assert.equal(url, subject.bucket.publicUrl(`output/${size}.zip`));
        assert.ok((await read(subject.bucket, `output/${size}.zip`)).equals(bytes));
        const { size: told, body } = await subject.bucket.open(`output/${size}.zip`, never);
        await buffer(body);
        assert.equal(told, size);
      });
    }

    test('an object is overwritten', async () => {
      for (const text of ['first', 'second']) {
        await subject.bucket.upload('output/same.txt', chunks(Buffer.from(text)), options);
      }
      assert.equal((await read(subject.bucket, 'output/same.txt')).toString(), 'second');
    });

    for (const key of ['uploads/with space, comma:colon%percent+plus.tif', 'uploads/übung/ö.tif']) {
      test(`a key may be "${key}", also as a URL`, async () => {
        await subject.bucket.upload(key, chunks(Buffer.from('x')), options);
        assert.equal((await read(subject.bucket, subject.bucket.keyOf(`/${key}`))).toString(), 'x');
        assert.equal(subject.bucket.keyOf(subject.bucket.publicUrl(key)), key);
      });
    }

    test('what is not there is missing, and may be removed', async () => {
      await assert.rejects(subject.bucket.open('uploads/none.tif', never), {
        code: 'missing_object',
        message: 'The bucket holds no "uploads/none.tif".',
      });
      await subject.bucket.remove('uploads/none.tif', never);
    });

    test('what was removed is gone', async () => {
      await subject.bucket.upload('output/removed', chunks(Buffer.from('x')), options);
      await subject.bucket.remove('output/removed', never);
      await assert.rejects(subject.bucket.open('output/removed', never), {
        code: 'missing_object',
      });
    });

    for (const key of ['../outside', 'a/../../outside', '', '/', 'a\\..\\..\\b', 'nul\0byte']) {
      test(`the key ${JSON.stringify(key)} leads nowhere`, async () => {
        await assert.rejects(subject.bucket.open(key, never), { code: 'forbidden_object' });
        await assert.rejects(subject.bucket.upload(key, chunks(Buffer.from('x')), options), {
          code: 'forbidden_object',
        });
      });
    }

    test('an upload that is given up ends with the reason, and leaves nothing', async () => {
      const control = new AbortController();
      const endless = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(1000);
        control.abort(new KnownError('shutting_down', 'Stopping.'));
        await new Promise(() => {});
      };
      const upload = subject.bucket.upload('output/given-up', endless(), {
        ...options,
        signal: control.signal,
      });
      await assert.rejects(upload, { code: 'shutting_down' });
      await assert.rejects(subject.bucket.open('output/given-up', never), {
        code: 'missing_object',
      });
    });

    test('a body that fails fails the upload, and leaves nothing', async () => {
      const failing = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.alloc(1000);
        throw new KnownError('internal', 'The archive broke.');
      };
      await assert.rejects(subject.bucket.upload('output/broken', failing(), options));
      await assert.rejects(subject.bucket.open('output/broken', never), { code: 'missing_object' });
    });
  });
}
