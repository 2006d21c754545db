import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { readResultFiles } from '../../../src/stages/archive/read-result-files.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';
import { buildZip } from '../../harness/images/zip-builder.ts';

let store: TemporaryBucket;
beforeEach(async () => {
  store = await TemporaryBucket.open();
  const file = (name: string, text: string) => ({ name, data: Buffer.from(text) });
  const files = [file('b_0.npy', 'four'), file('a.tif', 'tiff!'), file('a_1.npy', 'six me')];
  await store.put('output/r.zip', buildZip(files));
});
afterEach(() => store.remove());

test('files of the kind wanted come in their order, once there is memory for just them', async () => {
  const log: string[] = [];
  const { context } = stageContext({
    bucket: store.bucket,
    reserve: async (bytes) => {
      log.push(`reserved ${bytes}`);
      return () => void log.push('released');
    },
  });
  const { files, release } = await readResultFiles('output/r.zip', /\.npy$/, context);
  assert.deepEqual(
    Array.from(files, ([name, bytes]) => [name, Buffer.from(bytes).toString()]),
    [
      ['b_0.npy', 'four'],
      ['a_1.npy', 'six me'],
    ],
  );
  assert.deepEqual(log, ['reserved 10']);
  release();
  assert.deepEqual(log, ['reserved 10', 'released']);
});

test('a file as large as allowed is read; one that is larger is refused before anything is reserved', async () => {
  const limited = (maxFileBytes: number) => {
    const limits = { maxFileBytes, maxHeight: 0, maxWidth: 0, maxFrames: 0 };
    const reserve = async (): Promise<() => void> => {
      assert.equal(maxFileBytes, 5);
      return () => undefined;
    };
    const { context } = stageContext({ bucket: store.bucket, limits, reserve });
    return readResultFiles('output/r.zip', /\.tif$/, context);
  };
  assert.equal((await limited(5)).files.size, 1);
  await assert.rejects(limited(4), {
    code: 'file_too_large',
    message: '"a.tif" has 5 bytes; at most 4 are allowed (MAX_FILE_BYTES).',
  });
});
