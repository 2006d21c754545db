import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../src/kernels.ts';
import { orient } from '../../src/stages/orient.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { counting, describedImage } from '../harness/images/described-image.ts';
import { stageContext } from '../harness/stages/stage-context.ts';

const compute = new InlinePool(kernels);

test('the image becomes batch, row, column, channel; the raw array is forgotten', async () => {
  const { context } = stageContext({ compute, job: { fields: { dimension_order: 'CXY' } } });
  const { image } = await orient().run({ raw: describedImage(counting(2, 1, 3)) }, context);
  assert.deepEqual(image.shape, [1, 1, 3, 2]);
  assert.deepEqual([...image.data], [0, 3, 1, 4, 2, 5]);
  assert.deepEqual(orient().frees, ['raw']);
});

test('what the file says of its axes decides where the job says nothing', async () => {
  const { context } = stageContext({ compute });
  const { image } = await orient().run({ raw: describedImage(counting(2, 3, 4), 'TYX') }, context);
  assert.deepEqual(image.shape, [2, 3, 4, 1]);
});

test('an image that is larger than the settings allow is refused', async () => {
  const limits = { maxFileBytes: 0, maxHeight: 3, maxWidth: 4, maxFrames: 1 };
  const { context } = stageContext({ compute, limits });
  const run = (...shape: readonly number[]) =>
    orient().run({ raw: describedImage(counting(...shape), 'TYX') }, context);
  assert.deepEqual((await run(1, 3, 4)).image.shape, [1, 3, 4, 1]);
  for (const shape of [
    [2, 3, 4],
    [1, 4, 4],
    [1, 3, 5],
  ])
    await assert.rejects(run(...shape), { code: 'image_too_large' });
});

test('pages of which nobody says what they are become channels, with a warning that says how they become frames', async () => {
  const warnings: string[] = [];
  const { context } = stageContext({ compute });
  const warn = (message: string): void => void warnings.push(message);
  const raw = describedImage(counting(5, 30, 40));
  const { image } = await orient().run({ raw }, { ...context, warn });
  assert.deepEqual(image.shape, [1, 30, 40, 5]);
  assert.deepEqual(warnings, [
    'Neither the job nor the file says what its 5 planes are. They were taken for channels. ' +
      'If they are frames, give dimension_order "BXY".',
  ]);
});
