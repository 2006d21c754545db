import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../../src/kernels.ts';
import { planSpots } from '../../../src/stages/plan/plan-spots.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting, describedImage } from '../../harness/images/described-image.ts';
import { besidesInput, stageContext } from '../../harness/stages/stage-context.ts';

const model = { name: 'SpotDetection', version: 7 };
const stage = planSpots({ model, clip: true });
const compute = new InlinePool(kernels);

function plan(axes: string | undefined, ...shape: readonly number[]) {
  const said = stageContext({ compute });
  return {
    said,
    planned: stage.run({ raw: describedImage(counting(...shape), axes) }, said.context),
  };
}

test('a plane is one image of one channel, for the spot model, unscaled; the hash says its axes', async () => {
  const { said, planned } = plan(undefined, 5, 6);
  const { passes, image } = await planned;
  assert.deepEqual(image.shape, [1, 5, 6, 1]);
  assert.deepEqual(
    passes.map(({ model: used, scale, image: seen }) => ({ used, scale, isSame: seen === image })),
    [{ used: model, scale: 1, isSame: true }],
  );
  assert.deepEqual(passes[0]?.application.preprocess, [{ kind: 'min_max', clip: true }]);
  assert.deepEqual(besidesInput(said.notes), { dim_order: 'YXC' });
  assert.deepEqual(stage.frees, ['raw']);
});

test('every axis besides rows and columns is a batch, also channels, in the order of the file', async () => {
  const { image } = await plan('CYX', 2, 1, 3).planned;
  assert.deepEqual([image.shape, ...image.data], [[2, 1, 3, 1], 0, 1, 2, 3, 4, 5]);
  const last = await plan('YXC', 1, 3, 2).planned;
  assert.deepEqual([last.image.shape, ...last.image.data], [[2, 1, 3, 1], 0, 2, 4, 1, 3, 5]);
});

test('where nobody names the axes the last is the batch if it is shorter than the second', async () => {
  assert.deepEqual((await plan(undefined, 3, 5, 6).planned).image.shape, [3, 5, 6, 1]);
  assert.deepEqual((await plan(undefined, 5, 6, 3).planned).image.shape, [3, 5, 6, 1]);
  assert.deepEqual((await plan(undefined, 1, 5, 6, 3, 1).planned).image.shape, [3, 5, 6, 1]);
  assert.deepEqual((await plan(undefined, 4, 6, 6).planned).image.shape, [4, 6, 6, 1]);
});

test('a shape that may as well be read otherwise is refused, with both readings', async () => {
  await assert.rejects(plan(undefined, 3, 6, 5).planned, {
    code: 'wrong_dimensions',
    message:
      'The image has the shape 3 × 6 × 5. By their lengths its axes would be 5 images of 3 × 6 pixels and 1 ' +
      'channel; they may as well be 3 images of 6 × 5 pixels and 1 channel. Save the file with the names of its axes.',
  });
});

test('more axes than three are refused, as is a single one', async () => {
  for (const shape of [[2, 3, 4, 5], [9]])
    await assert.rejects(plan(undefined, ...shape).planned, {
      code: 'wrong_dimensions',
      message: `A spot job needs an image of two or three axes, but this one has ${shape.length} (shape ${shape.join(' × ')}).`,
    });
});

test('frames are limited like those of any image', async () => {
  const limits = { maxFileBytes: 0, maxHeight: 0, maxWidth: 0, maxFrames: 2 };
  const { context } = stageContext({ compute, limits });
  const run = (frames: number) =>
    stage.run({ raw: describedImage(counting(frames, 5, 6), 'TYX') }, context);
  assert.deepEqual((await run(2)).image.shape, [2, 5, 6, 1]);
  await assert.rejects(run(3), { code: 'image_too_large', message: /MAX_IMAGE_FRAMES/ });
});
