import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import type { Bucket } from '../../../src/ports.ts';
import { HUGE_BYTES, digest, largeBody, never, options, pieces, read } from './bodies.ts';

interface Subject {
  readonly bucket: Bucket;
  close(): Promise<void>;
}

/** What every bucket does, whatever is behind it. */
export function bucketContract(name: string, open: () => Promise<Subject>): void {
  describe(`bucket: ${name}`, () => {
    let subject: Subject;
    let bucket: Bucket;
    before(async () => {
      subject = await open();
      bucket = subject.bucket;
      await bucket.upload('output/huge.zip', largeBody(HUGE_BYTES), options);
    });
    after(() => subject.close());

    roundTrips(() => bucket);
    ranges(() => bucket);
    keys(() => bucket);
    absence(() => bucket);
    uploadsGivenUp(() => bucket);
    downloadsGivenUp(() => bucket);
  });
}

function roundTrips(bucket: () => Bucket): void {
  for (const size of [0, 1, 70_000]) {
    test(`an object of ${size} bytes comes back as it was`, async () => {
      const bytes = Buffer.alloc(size, 'a pattern of some length ');
      const key = `output/${size}.zip`;
      const url = await bucket().upload(key, pieces(bytes), options);
      assert.equal(url, bucket().publicUrl(key));
      assert.ok((await read(bucket(), key)).equals(bytes));
    });
  }

  test('a large object comes back as it was, and its size is told beforehand', async () => {
    const { size, body } = await bucket().open('output/huge.zip', never);
    assert.equal(size, HUGE_BYTES);
    assert.equal(await digest(body), await digest(largeBody(HUGE_BYTES)));
  });

  test('bytes in shared memory are taken', async () => {
    const bytes = new Uint8Array(new SharedArrayBuffer(3_000_000)).fill(7);
    await bucket().upload('output/shared.zip', pieces(bytes, 2_500_000), options);
    assert.ok((await read(bucket(), 'output/shared.zip')).equals(bytes));
  });

  test('an object is overwritten', async () => {
    for (const text of ['the first', 'second']) {
      await bucket().upload('output/same.txt', pieces(Buffer.from(text)), options);
    }
    assert.equal((await read(bucket(), 'output/same.txt')).toString(), 'second');
  });

  test('an upload may be repeated after one that broke off', async () => {
    const key = 'output/repeated.zip';
    await assert.rejects(bucket().upload(key, brokenBody(), options));
    await bucket().upload(key, largeBody(), options);
    const { body } = await bucket().open(key, never);
    assert.equal(await digest(body), await digest(largeBody()));
  });
}

function ranges(bucket: () => Bucket): void {
  const bytes = Buffer.from('0123456789');
  const readRange = async (key: string, start: number, end: number) => {
    const { total, version, body } = await bucket().openRange(key, { start, end }, never);
    return { total, version, text: (await buffer(body)).toString() };
  };

  for (const [start, end, text] of [
    [0, 2, '01'],
    [3, 7, '3456'],
    [0, 10, '0123456789'],
    [8, 1000, '89'],
  ] as const) {
    test(`bytes ${start} to ${end} of an object are read alone, and its size is told`, async () => {
      await bucket().upload('output/range', pieces(bytes), options);
      const part = await readRange('output/range', start, end);
      assert.deepEqual({ total: part.total, text: part.text }, { total: 10, text });
    });
  }

  test('a range behind the end is missing, and an empty object has an empty one', async () => {
    await bucket().upload('output/range', pieces(bytes), options);
    await assert.rejects(readRange('output/range', 10, 20), {
      code: 'missing_object',
      message: '"output/range" has no bytes from 10 on.',
    });
    await bucket().upload('output/empty', pieces(Buffer.alloc(0)), options);
    const { total, text } = await readRange('output/empty', 0, 20);
    assert.deepEqual({ total, text }, { total: 0, text: '' });
  });

  test('a range of what is not there is missing, and one of a bad key forbidden', async () => {
    await assert.rejects(readRange('output/none', 0, 1), { code: 'missing_object' });
    await assert.rejects(readRange('../outside', 0, 1), { code: 'forbidden_object' });
  });

  test('an object that was overwritten has another version', async () => {
    await bucket().upload('output/range', pieces(bytes), options);
    const { version } = await readRange('output/range', 0, 2);
    assert.equal((await readRange('output/range', 5, 6)).version, version);
    await bucket().upload('output/range', pieces(Buffer.from('9876543210')), options);
    assert.notEqual((await readRange('output/range', 5, 6)).version, version);
  });

  test('a part of an object has the version of the whole', async () => {
    await bucket().upload('output/range', pieces(bytes), options);
    const { version } = await readRange('output/range', 0, 2);
    assert.notEqual(version, '');
    const whole = await bucket().open('output/range', never);
    assert.equal(whole.version, version);
    await buffer(whole.body);
  });

  test('a part of a large object is read without the rest', async () => {
    const { body } = await bucket().openRange('output/huge.zip', { start: 5, end: 15 }, never);
    assert.equal((await buffer(body)).toString(), ' at 0 piec');
  });
}

function keys(bucket: () => Bucket): void {
  for (const key of [
    'top.txt',
    "uploads/with space, comma:colon%percent+plus&and=is?ask#hash!'(star)*~.tif",
    'uploads/übung/日本/ö.tif',
    'uploads/100%25.tif',
  ]) {
    test(`a key may be "${key}", also as a URL`, async () => {
      await bucket().upload(key, pieces(Buffer.from(key)), options);
      assert.equal((await read(bucket(), bucket().keyOf(`/${key}`))).toString(), key);
      assert.equal(bucket().keyOf(bucket().publicUrl(key)), key);
    });
  }

  for (const key of [
    '../outside',
    'a/../../outside',
    '/..',
    'a/./b',
    '',
    '/',
    'folder/',
    'a\\..\\..\\b',
    'nul\0byte',
    'line\nbreak',
    'half a sign \ud800',
    'x'.repeat(1025),
  ]) {
    test(`the key ${JSON.stringify(key).slice(0, 30)} leads nowhere`, async () => {
      const refusal = { code: 'forbidden_object' };
      await assert.rejects(bucket().open(key, never), refusal);
      await assert.rejects(bucket().upload(key, pieces(Buffer.from('x')), options), refusal);
      await assert.rejects(bucket().remove(key, never), refusal);
      assert.throws(() => bucket().keyOf(key), refusal);
    });
  }

  for (const url of ['ftp://images/a.tif', 'https://example.org/another/a.tif', 'gs://another/a']) {
    test(`${url} is not in the bucket`, () => {
      assert.throws(() => bucket().keyOf(url), { code: 'forbidden_object' });
    });
  }
}

function absence(bucket: () => Bucket): void {
  test('what is not there is missing, and may be removed', async () => {
    await assert.rejects(bucket().open('uploads/none.tif', never), {
      code: 'missing_object',
      message: 'The bucket holds no "uploads/none.tif".',
    });
    await bucket().remove('uploads/none.tif', never);
  });

  test('what was removed is gone', async () => {
    await bucket().upload('output/removed', pieces(Buffer.from('x')), options);
    await bucket().remove('output/removed', never);
    await assert.rejects(bucket().open('output/removed', never), { code: 'missing_object' });
  });

  test('the folder of an object is not an object', async () => {
    await bucket().upload('output/folder/object', pieces(Buffer.from('x')), options);
    await assert.rejects(bucket().open('output/folder', never), { code: 'missing_object' });
  });
}

function uploadsGivenUp(bucket: () => Bucket): void {
  for (const sent of [0, 9_000_000]) {
    test(`an upload given up after ${sent} bytes ends with the reason, and leaves nothing`, async () => {
      const control = new AbortController();
      const key = `output/given-up-${sent}`;
      const endless = async function* (): AsyncGenerator<Uint8Array> {
        if (sent > 0) yield Buffer.alloc(sent);
        control.abort(new KnownError('shutting_down', 'Stopping.'));
        await new Promise(() => {});
      };
      const upload = bucket().upload(key, endless(), { ...options, signal: control.signal });
      await assert.rejects(upload, { code: 'shutting_down' });
      await assert.rejects(bucket().open(key, never), { code: 'missing_object' });
    });
  }

  test('nothing begins after it was given up', async () => {
    const signal = AbortSignal.abort(new KnownError('shutting_down', 'Stopping.'));
    const refusal = { code: 'shutting_down' };
    const body = pieces(Buffer.from('x'));
    await assert.rejects(bucket().upload('output/late', body, { ...options, signal }), refusal);
    await assert.rejects(bucket().open('output/late', signal), refusal);
    await assert.rejects(bucket().remove('output/late', signal), refusal);
  });

  test('a body that fails fails the upload with its error, and leaves nothing', async () => {
    const upload = bucket().upload('output/broken', brokenBody(), options);
    await assert.rejects(upload, { code: 'internal', message: 'The archive broke.' });
    await assert.rejects(bucket().open('output/broken', never), { code: 'missing_object' });
  });

  test('a bug in a body is no failure of the bucket', async () => {
    const buggy = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(1000);
      throw new TypeError('undefined is not a function');
    };
    const upload = bucket().upload('output/buggy', buggy(), options);
    await assert.rejects(upload, { code: 'internal' });
  });
}

function downloadsGivenUp(bucket: () => Bucket): void {
  test('a download given up midway ends with the reason; others go on', async () => {
    const control = new AbortController();
    const given = await bucket().open('output/huge.zip', control.signal);
    const other = await bucket().open('output/huge.zip', never);
    const reading = (async () => {
      for await (const chunk of given.body) {
        assert.ok(chunk.length < HUGE_BYTES);
        control.abort(new KnownError('shutting_down', 'Stopping.'));
      }
    })();
    await assert.rejects(reading, { code: 'shutting_down' });
    assert.equal(await digest(other.body), await digest(largeBody(HUGE_BYTES)));
  });

  test('a download given up before it is read ends with the reason', async () => {
    await bucket().upload('output/unread', pieces(Buffer.alloc(100_000)), options);
    const control = new AbortController();
    const { body } = await bucket().open('output/unread', control.signal);
    control.abort(new KnownError('shutting_down', 'Stopping.'));
    await assert.rejects(digest(body), { code: 'shutting_down' });
  });

  test('a reader may stop early', async () => {
    await bucket().upload('output/early', pieces(Buffer.alloc(100_000)), options);
    const { body } = await bucket().open('output/early', never);
    for await (const chunk of body) {
      assert.ok(chunk.length > 0);
      break;
    }
  });
}

async function* brokenBody(): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(1000);
  throw new KnownError('internal', 'The archive broke.');
}
