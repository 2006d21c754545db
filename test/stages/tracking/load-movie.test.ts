import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, test } from 'node:test';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';
import { kernels } from '../../../src/kernels.ts';
import type { Bucket } from '../../../src/ports.ts';
import { isTrackFile, loadMovie } from '../../../src/stages/tracking/load-movie.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting } from '../../harness/images/described-image.ts';
import { sampleJob } from '../../harness/stages/job-in-flight.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';

let store: TemporaryBucket;
beforeEach(async () => {
  store = await TemporaryBucket.open();
});
afterEach(() => store.remove());

function load(inputFileName: string, maxFrames = 2) {
  const limits = { maxFileBytes: 2 ** 20, maxHeight: 0, maxWidth: 0, maxFrames };
  const { context } = stageContext({
    bucket: store.bucket,
    compute: new InlinePool(kernels),
    limits,
    job: { inputFileName },
  });
  return loadMovie.run({}, context);
}

test('the ending says whether a file has labels', () => {
  const names = ['a.trk', 'a.TRKS', 'a.tif', 'trk', 'a.trk.tif'];
  assert.deepEqual(
    names.filter((inputFileName) => isTrackFile(sampleJob({ inputFileName }))),
    ['a.trk', 'a.TRKS'],
  );
});

test('a stack is a movie of one channel without labels; as many frames as allowed, and one more', async () => {
  await store.put('uploads/a.tif', encodeTiff(counting(2, 3, 4)));
  const { movie } = await load('uploads/a.tif');
  assert.deepEqual([movie.image.shape, movie.labels], [[2, 3, 4, 1], undefined]);
  assert.deepEqual([...movie.image.data], [...counting(2, 3, 4).data]);
  await assert.rejects(load('uploads/a.tif', 1), {
    code: 'image_too_large',
    message: '"a.tif" has 2 frames; at most 1 are allowed (MAX_IMAGE_FRAMES).',
  });
  assert.deepEqual((await load('uploads/a.tif', 0)).movie.image.shape, [2, 3, 4, 1]);
});

test('an image that is no stack is refused', async () => {
  await store.put('uploads/a.tif', encodeTiff(counting(3, 4)));
  await assert.rejects(load('uploads/a.tif'), {
    code: 'wrong_dimensions',
    message:
      'A movie needs frames × rows × columns; the axes of this file are YX (tifffile): 3 × 4 pixels. Save it as one stack of frames.',
  });
});

/** Written by tifffile: see generate-movies.py. */
async function putFixture(name: string): Promise<string> {
  const file = await readFile(new URL(`fixtures/${name}`, import.meta.url));
  await store.put(`uploads/${name}`, file);
  return `uploads/${name}`;
}

test('frames come first, wherever the file names them; slices are frames', async () => {
  for (const name of ['yxt.tif', 'zyx.ome.tif']) {
    const { movie } = await load(await putFixture(name));
    assert.deepEqual(movie.image.shape, [2, 3, 4, 1], name);
    assert.deepEqual([...movie.image.data], [...counting(2, 3, 4).data], name);
  }
});

test('colours and channels are no frames: the axes of the file are named', async () => {
  for (const axes of ['YXS', 'SYX', 'CYX']) {
    await assert.rejects(load(await putFixture(`${axes.toLowerCase()}.tif`)), {
      code: 'wrong_dimensions',
      message: new RegExp(`frames × rows × columns; the axes of this file are ${axes} `),
    });
  }
});

test('a file of Python has the movie and its labels', async () => {
  const fixture = new URL('../../formats/archive/fixtures/plain.trk', import.meta.url);
  await store.put('uploads/a.trk', await readFile(fixture));
  const { movie } = await load('uploads/a.trk');
  assert.deepEqual(
    [movie.image.shape, movie.labels?.shape],
    [
      [2, 3, 4, 1],
      [2, 3, 4, 1],
    ],
  );
  assert.deepEqual([...(movie.labels?.data ?? [])].slice(0, 4), [0, 1, 2, 0]);
  await assert.rejects(load('uploads/a.trk', 1), { code: 'image_too_large' });
});

test('a file with labels is closed while there is no memory for it, and opened anew when there is', async () => {
  const fixture = new URL('../../formats/archive/fixtures/plain.trk', import.meta.url);
  const file = await readFile(fixture);
  await store.put('uploads/a.trk', file);
  const { bucket } = store;
  const opened: AbortSignal[] = [];
  const log: string[] = [];
  let isFull = true;
  const { context } = stageContext({
    bucket: {
      keyOf: (name: string) => bucket.keyOf(name),
      open: async (key: string, signal: AbortSignal) => {
        opened.push(signal);
        return bucket.open(key, signal);
      },
    } as unknown as Bucket, // the stage uses nothing else of it
    compute: new InlinePool(kernels),
    job: { inputFileName: 'uploads/a.trk' },
    tryReserve: () => (isFull ? undefined : () => undefined),
    reserve: async (wanted) => {
      log.push(`${wanted} bytes, closed: ${opened[0]?.aborted}`);
      isFull = false;
      return () => undefined;
    },
  });
  const { movie } = await loadMovie.run({}, context);
  assert.deepEqual(movie.image.shape, [2, 3, 4, 1]);
  assert.deepEqual(log, [`${3 * file.length} bytes, closed: true`]);
  assert.deepEqual(
    opened.map(({ aborted }) => aborted),
    [true, false],
  );
});

test('a movie that is not there is missed', async () => {
  await assert.rejects(load('uploads/a.trk'), { code: 'missing_object' });
  await assert.rejects(load('uploads/a.tif'), { code: 'missing_object' });
});
