import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { encodeTiff } from '../../../src/formats/encode-tiff.ts';
import { kernels } from '../../../src/kernels.ts';
import { labelMovie } from '../../../src/stages/tracking/label-movie.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting } from '../../harness/images/described-image.ts';
import { endedChild, endedChildren } from '../../harness/ended-children.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';
import { TemporaryBucket } from '../../harness/bucket/temporary-bucket.ts';
import { buildZip } from '../../harness/images/zip-builder.ts';

let store: TemporaryBucket;
beforeEach(async () => {
  store = await TemporaryBucket.open();
  await store.put('uploads/a.tif', encodeTiff(counting(2, 2, 3)));
});
afterEach(() => store.remove());

/** Labels a movie of two frames whose children have made these files; undefined: one that failed. */
async function label(...results: readonly (readonly Uint8Array[] | undefined)[]) {
  for (const [place, files] of results.entries()) {
    const members = (files ?? []).map((data, n) => ({ name: `f_${n}.tif`, data }));
    await store.put(`output/${place}.zip`, buildZip(members));
  }
  const ended = results.map((files, place) =>
    endedChild(place, files ? { output_file_name: `output/${place}.zip` } : { reason: 'Bad.' }),
  );
  const { context } = stageContext({
    bucket: store.bucket,
    compute: new InlinePool(kernels),
    job: { fields: { 'children:total': String(results.length) } },
    family: endedChildren(ended),
  });
  const collected = { results: [], failures: [], inputs: [], totals: {}, cells: undefined };
  return (await labelMovie.run({ collected }, context)).movie;
}

const frame = (rows = 2) => encodeTiff(counting(rows, 3));

test('the labels of the frames become those of the movie, whole numbers, in order', async () => {
  const later = encodeTiff({ shape: [2, 3], data: counting(2, 3).data.map((value) => value + 10) });
  const { image, labels } = await label([frame()], [later]);
  assert.deepEqual(
    [image.shape, labels.shape],
    [
      [2, 2, 3, 1],
      [2, 2, 3, 1],
    ],
  );
  assert.deepEqual([...labels.data], [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]);
  assert.ok(labels.data instanceof Int32Array);
});

test('the frame that failed fails the job, with its number and its reason', async () => {
  await assert.rejects(label([frame()], undefined), {
    code: 'child_failed',
    message: 'Frame 1 failed: Bad.',
  });
});

test('too few results, a result of several files or of another size are refused', async () => {
  const refused = (message: string, ...results: readonly (readonly Uint8Array[])[]) =>
    assert.rejects(label(...results), { code: 'child_failed', message });
  await refused('Only 1 of 2 frames have a result.', [frame()]);
  const two = 'The result of frame 1 has 2 files; one is expected.';
  await refused(two, [frame()], [frame(), frame()]);
  await refused('The labels of frame 0 are 5 × 3, not 2 × 3 pixels.', [frame(5)], [frame()]);
});
