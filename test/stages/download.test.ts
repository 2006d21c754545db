import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { StageContext } from '../../src/flow/stage.ts';
import type { Bucket } from '../../src/ports.ts';
import { download } from '../../src/stages/download.ts';
import { stageContext } from '../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../harness/bucket/temporary-bucket.ts';

const bytes = Uint8Array.from({ length: 100 }, (_, at) => at);
const limits = { maxFileBytes: 100, maxHeight: 0, maxWidth: 0, maxFrames: 0 };
const MIB = 2 ** 20;

describe('a file in the bucket', () => {
  let store: TemporaryBucket;
  beforeEach(async () => {
    store = await TemporaryBucket.open();
    await store.put('uploads/a.tif', bytes);
  });
  afterEach(() => store.remove());

  it('comes as it is, in memory that threads share, after room was made for it', async () => {
    const reserved: number[] = [];
    const tryReserve: StageContext['tryReserve'] = (wanted) => {
      reserved.push(wanted);
      return () => undefined;
    };
    const { context, moved } = stageContext({ bucket: store.bucket, limits, tryReserve });
    const { file } = await download.run({}, context);
    assert.deepEqual([...file], [...bytes]);
    assert.ok(file.buffer instanceof SharedArrayBuffer);
    assert.deepEqual(moved, { in: 100, out: 0 });
    assert.deepEqual(reserved, [100]);
  });

  it('is found by its URL too, as the web form of some stores gives it', async () => {
    const job = { inputFileName: store.bucket.publicUrl('uploads/a.tif') };
    const { context } = stageContext({ bucket: store.bucket, job });
    assert.equal((await download.run({}, context)).file.length, 100);
  });

  it('is refused by its size, in words, if it has a byte too many', async () => {
    const small = { ...limits, maxFileBytes: 99 };
    const { context } = stageContext({ bucket: store.bucket, limits: small });
    await assert.rejects(download.run({}, context), {
      code: 'file_too_large',
      message: '"uploads/a.tif" has more than 99 bytes, the most that MAX_FILE_BYTES allows.',
    });
  });

  it('may be missing, empty, or named where nobody may read', async () => {
    await store.put('uploads/empty.tif', new Uint8Array());
    const fetch = (inputFileName: string) =>
      download.run({}, stageContext({ bucket: store.bucket, job: { inputFileName } }).context);
    assert.equal((await fetch('uploads/empty.tif')).file.length, 0);
    await assert.rejects(fetch('uploads/b.tif'), { code: 'missing_object' });
    await assert.rejects(fetch('../secret.tif'), { code: 'forbidden_object' });
  });
});

/** A bucket of one object whose size it does not tell; remembers how often it was opened and closed. */
function silentBucket(chunks: readonly Uint8Array[]): {
  bucket: Bucket;
  opened: AbortSignal[];
} {
  const opened: AbortSignal[] = [];
  const open: Bucket['open'] = async (_, signal) => {
    opened.push(signal);
    return {
      size: undefined,
      body: (async function* () {
        yield* chunks;
      })(),
    };
  };
  // The stage uses nothing else of it.
  return { bucket: { open, keyOf: (key: string) => key } as unknown as Bucket, opened };
}

describe('a file whose size the store does not tell', () => {
  it('grows as it comes; old and new array are both paid for', async () => {
    const chunks = [new Uint8Array(MIB).fill(1), new Uint8Array(MIB).fill(2), Uint8Array.of(3)];
    const { bucket } = silentBucket(chunks);
    let held = 0;
    const tryReserve: StageContext['tryReserve'] = (wanted) => {
      held += wanted;
      return () => undefined;
    };
    const { context } = stageContext({ bucket, tryReserve });
    const { file } = await download.run({}, context);
    assert.deepEqual([file.length, file[0], file[MIB], file.at(-1)], [2 * MIB + 1, 1, 2, 3]);
    // The last step is from 2 MiB to 4.
    assert.equal(held, 6 * MIB);
    assert.ok(held >= file.buffer.byteLength);
  });

  it('is refused as soon as more has come than is allowed', async () => {
    const { bucket } = silentBucket([new Uint8Array(60), new Uint8Array(41)]);
    const { context } = stageContext({ bucket, limits });
    await assert.rejects(download.run({}, context), { code: 'file_too_large' });
    const exact = silentBucket([new Uint8Array(60), new Uint8Array(40)]);
    const allowed = stageContext({ bucket: exact.bucket, limits });
    assert.equal((await download.run({}, allowed.context)).file.length, 100);
  });

  it('is closed while there is no room for it, and opened anew when there is', async () => {
    const { bucket, opened } = silentBucket([bytes]);
    const log: string[] = [];
    let isFull = true;
    const { context } = stageContext({
      bucket,
      tryReserve: () => (isFull ? undefined : () => undefined),
      reserve: async (wanted) => {
        log.push(`${wanted} bytes, closed: ${opened[0]?.aborted}`);
        isFull = false;
        return () => undefined;
      },
    });
    assert.equal((await download.run({}, context)).file.length, 100);
    assert.deepEqual(log, [`${MIB} bytes, closed: true`]);
    assert.deepEqual(
      opened.map(({ aborted }) => aborted),
      [true, false],
    );
  });
});
