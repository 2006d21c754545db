import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageContext } from '../../../src/flow/stage.ts';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';
import { writeNpy } from '../../../src/formats/npy/npy.ts';
import { kernels } from '../../../src/kernels.ts';
import { gatherSpots } from '../../../src/stages/polaris/gather-spots.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting } from '../../harness/images/described-image.ts';
import { endedChild, endedChildren } from '../../harness/ended-children.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';
import { buildZip } from '../../harness/images/zip-builder.ts';

type Files = Readonly<Record<string, Uint8Array>>;

const collected = { results: [], failures: [], inputs: [], totals: {}, cells: undefined };
const points = (...data: readonly number[]) =>
  writeNpy({ shape: [data.length / 2, 2], data: Float64Array.from(data) });
const labels = (rows = 2) => encodeTiff(counting(rows, 3));

/** Gathers from children with these files in their results; undefined: one that failed. */
async function gather(segmentation_type: string, ...results: readonly (Files | undefined)[]) {
  return gatherWithin(async () => () => undefined, segmentation_type, ...results);
}

async function gatherWithin(
  reserve: StageContext['reserve'],
  segmentation_type: string,
  ...results: readonly (Files | undefined)[]
) {
  const store = await TemporaryBucket.open();
  try {
    for (const [place, files] of results.entries()) {
      const members = Object.entries(files ?? {}).map(([name, data]) => ({ name, data }));
      await store.put(`output/${place}.zip`, buildZip(members));
    }
    const ended = results.map((files, place) =>
      endedChild(place, files ? { output_file_name: `output/${place}.zip` } : { reason: 'Bad.' }),
    );
    const channels = segmentation_type === 'none' ? '0' : '0,1,2';
    const total = String(results.length);
    const fields = { channels, segmentation_type, 'children:total': total };
    const compute = new InlinePool(kernels);
    const { context } = stageContext({
      bucket: store.bucket,
      compute,
      reserve,
      job: { fields },
      family: endedChildren(ended),
    });
    const { gathered } = await gatherSpots.run({ collected }, context);
    return gathered.map(({ points: { shape, data }, labels: planes }) => [
      shape,
      [...data],
      planes.length,
    ]);
  } finally {
    await store.remove();
  }
}

test('images are in the order of their numbers, each with a label image of each kind', async () => {
  const spots: Record<string, Uint8Array> = { 'a_0.tif': labels() };
  for (let n = 10; n >= 0; n--) spots[`a_${n}.npy`] = points(n, 0);
  const eleven = Object.fromEntries(
    Array.from({ length: 11 }, (_, n) => [`a_batch_${n}_feature_0.tif`, labels()]),
  );
  const gathered = await gather('cell culture', spots, eleven, eleven);
  assert.deepEqual(
    gathered,
    Array.from({ length: 11 }, (_, n) => [[1, 2], [n, 0], 2]),
  );
});

test('of tissue each image has a result of its own', async () => {
  const spots = { 'a_0.npy': points(1, 2), 'a_1.npy': points() };
  const one = { 'a_feature_0.tif': labels(), 'a_feature_1.tif': labels() };
  assert.deepEqual(await gather('tissue', spots, one, one), [
    [[1, 2], [1, 2], 2],
    [[0, 2], [], 2],
  ]);
});

test('the results are read one after the other: none waits for memory while another holds its archive', async () => {
  const spots = { 'a_0.npy': points(1, 2) };
  const cells = { 'a_batch_0_feature_0.tif': labels() };
  const archive = labels().length;
  let archives = 0;
  let most = 0;
  const reserve: StageContext['reserve'] = async (bytes) => {
    const isArchive = bytes === archive;
    if (isArchive) most = Math.max(most, ++archives);
    // Long enough for the others to get here, if they are under way.
    await new Promise(setImmediate);
    return () => void (isArchive && archives--);
  };
  await gatherWithin(reserve, 'cell culture', spots, cells, cells);
  assert.deepEqual([most, archives], [1, 0]);
});

test('channels that have names are those that the split has found', async () => {
  const family = endedChildren([endedChild(0, {}), endedChild(1, {})]);
  const fields = { channels: 'FISH,DAPI', 'children:finds': 'spots,nuclei' };
  const { context } = stageContext({ job: { fields }, family });
  await assert.rejects(gatherSpots.run({ collected }, context), {
    message: 'The spot job that looks for spots failed: it has expired or was deleted.',
  });
});

test('spots of other images than those of the batch are refused', async () => {
  const store = await TemporaryBucket.open();
  try {
    // A spot consumer that takes the rows of two portrait images for images finds spots in three.
    const members = [0, 1, 2].map((n) => ({ name: `a_${n}.npy`, data: points(1, 2) }));
    await store.put('output/0.zip', buildZip(members));
    const family = endedChildren([endedChild(0, { output_file_name: 'output/0.zip' })]);
    const fields = { 'children:finds': 'spots', 'children:images': '2', 'children:total': '1' };
    const { context } = stageContext({ bucket: store.bucket, job: { fields }, family });
    await assert.rejects(gatherSpots.run({ collected }, context), {
      code: 'child_failed',
      message: 'The result of the spot job is of 3 images, but the job has 2.',
    });
  } finally {
    await store.remove();
  }
});

test('without cells there are spots alone', async () => {
  assert.deepEqual(await gather('none', { 'a_0.npy': points(1, 2) }), [[[1, 2], [1, 2], 0]]);
});

test('the child that failed is named by what it looks for', async () => {
  await assert.rejects(gather('cell culture', { 'a_0.npy': points() }, {}, undefined), {
    code: 'child_failed',
    message: 'The segmentation job that looks for cytoplasm failed: Bad.',
  });
  await assert.rejects(gather('none', undefined), {
    message: 'The spot job that looks for spots failed: Bad.',
  });
});

test('results that do not fit each other, and a result without spots, are refused', async () => {
  const spots = { 'a_0.npy': points(1, 2) };
  const fits = { 'a_batch_0_feature_0.tif': labels() };
  const message = 'The results for image 0 do not fit: 2 label images of one size are expected.';
  for (const odd of [{}, { 'a_batch_0_feature_0.tif': labels(5) }])
    await assert.rejects(gather('cell culture', spots, fits, odd), {
      code: 'child_failed',
      message,
    });
  await assert.rejects(gather('none', {}), {
    message: 'The result of the spot job holds no spots.',
  });
});
