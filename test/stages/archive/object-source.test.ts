import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import type { Bucket, ByteRange } from '../../../src/ports.ts';
import { openObjectSource } from '../../../src/stages/archive/object-source.ts';

const signal = new AbortController().signal;
const persist = <Result>(attempt: () => Promise<Result>): Promise<Result> => attempt();

/** A bucket of one object that can be changed, and the ranges that it was asked for. */
function objectOf(bytes: Uint8Array) {
  const object = { bytes, version: '1', asked: [] as number[], failures: 0 };
  const openRange = async (_: string, { start, end }: ByteRange) => {
    object.asked.push(start);
    if (object.failures-- > 0) throw new KnownError('bucket_unavailable', 'The bucket is away.');
    const part = object.bytes.subarray(start, end);
    return {
      total: object.bytes.length,
      version: object.version,
      body: (async function* () {
        yield part.subarray(0, 3);
        yield part.subarray(3);
      })(),
    };
  };
  // Nothing but ranges is read of the bucket.
  return { object, bucket: { openRange } as unknown as Bucket };
}

const bytes = Uint8Array.from({ length: 95 }, (_, at) => at);
const small = { blockBytes: 10, blocksKept: 3 };

test('bytes are the same wherever blocks begin and end, and however many they span', async () => {
  const { bucket } = objectOf(bytes);
  const source = await openObjectSource('a.zip', { bucket, persist, signal, ...small });
  assert.equal(source.size, 95);
  for (const [start, end] of [
    [0, 95],
    [9, 11],
    [10, 20],
    [94, 95],
    [33, 33],
    [57, 91],
  ] as const) {
    assert.deepEqual([...(await source.read(start, end))], [...bytes.subarray(start, end)]);
  }
});

test('a block is requested once however many read it at the same time, and kept', async () => {
  const { object, bucket } = objectOf(bytes);
  const source = await openObjectSource('a.zip', { bucket, persist, signal, ...small });
  await Promise.all([source.read(52, 53), source.read(54, 58), source.read(50, 60)]);
  await source.read(51, 52);
  assert.deepEqual(object.asked, [0, 50]);
});

test('no more than the blocks used last are kept', async () => {
  const { object, bucket } = objectOf(bytes);
  const source = await openObjectSource('a.zip', { bucket, persist, signal, ...small });
  for (const start of [20, 40, 60, 80, 60, 80, 0]) await source.read(start, start + 1);
  assert.deepEqual(object.asked, [0, 20, 40, 60, 80, 0]);
});

test('a reader that goes on from block to block finds the next under way', async () => {
  const { object, bucket } = objectOf(bytes);
  const source = await openObjectSource('a.zip', { bucket, persist, signal, ...small });
  await source.read(10, 11);
  assert.deepEqual(object.asked, [0, 10, 20]);
  await source.read(90, 95);
  await source.read(80, 90);
  assert.deepEqual(object.asked.slice(3), [90, 80]);
});

test('a block that fails is requested again, the others are not', async () => {
  const { object, bucket } = objectOf(bytes);
  let attempts = 0;
  const again = async <Result>(attempt: () => Promise<Result>): Promise<Result> => {
    attempts++;
    return attempt().catch(attempt);
  };
  const source = await openObjectSource('a.zip', { bucket, persist: again, signal, ...small });
  object.failures = 1;
  assert.deepEqual([...(await source.read(40, 42))], [40, 41]);
  assert.deepEqual(object.asked, [0, 40, 40]);
  assert.equal(attempts, 2);
  object.failures = 2;
  await assert.rejects(source.read(60, 61), { code: 'bucket_unavailable' });
  assert.deepEqual([...(await source.read(60, 61))], [60]);
});

test('an object that is overwritten meanwhile is not read on', async () => {
  const { object, bucket } = objectOf(bytes);
  const source = await openObjectSource('a.zip', { bucket, persist, signal, ...small });
  object.version = '2';
  await assert.rejects(source.read(50, 51), {
    code: 'input_changed',
    message: '"a.zip" was replaced in the bucket while its job was under way; submit it again.',
  });
});

test('an empty object has no bytes', async () => {
  const { bucket } = objectOf(new Uint8Array(0));
  const source = await openObjectSource('a.zip', { bucket, persist, signal });
  assert.equal(source.size, 0);
});
