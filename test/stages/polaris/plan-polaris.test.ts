import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecodedImage } from '../../../src/formats/decode-image.ts';
import { kernels } from '../../../src/kernels.ts';
import { planPolaris } from '../../../src/stages/polaris/plan-polaris.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting, describedImage } from '../../harness/images/described-image.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

function plan(channels: string, axes: string, ...shape: readonly number[]) {
  return planOf(channels, describedImage(counting(...shape), axes));
}

function planOf(channels: string, raw: DecodedImage) {
  const fields = { channels, segmentation_type: 'cell culture' };
  const limits = { maxFileBytes: 0, maxHeight: 5, maxWidth: 6, maxFrames: 4 };
  const { context } = stageContext({ compute: new InlinePool(kernels), job: { fields }, limits });
  return planPolaris.run({ raw }, context);
}

test('the image is brought to batch, row, column, channel, and its jobs are planned', async () => {
  const { image, planned } = await plan('0,1', 'TCYX', 3, 2, 5, 6);
  assert.deepEqual(image.shape, [3, 5, 6, 2]);
  assert.deepEqual(
    planned.map(({ finds }) => finds),
    ['spots', 'nuclei'],
  );
  assert.deepEqual(planPolaris.frees, ['raw']);
});

test('the last channel may be named, and not the one after it', async () => {
  await plan('0,1', 'CYX', 2, 5, 6);
  await assert.rejects(plan('0,2', 'CYX', 2, 5, 6), {
    code: 'invalid_job',
    message: 'channels names channel 2, but the image has 2 (0 to 1).',
  });
});

test('an image larger than allowed is refused', async () => {
  await assert.rejects(plan('0,1', 'CYX', 2, 6, 6), { code: 'image_too_large' });
});

test('a channel without values is refused where it is used', async () => {
  const raw = { ...describedImage(counting(3, 5, 6), 'CYX'), blankPlanes: [1] };
  await planOf('0,2', raw);
  await assert.rejects(planOf('1,0', raw), { code: 'blank_image' });
});
