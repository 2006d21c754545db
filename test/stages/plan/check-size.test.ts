import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkExtent, checkRescaled } from '../../../src/stages/plan/check-size.ts';

const limits = { maxFileBytes: 0, maxHeight: 64, maxWidth: 32, maxFrames: 10 };

test('rows, columns and frames are limited, each by its own setting', () => {
  assert.doesNotThrow(() => checkExtent({ shape: [10, 64, 32, 99] }, limits));
  for (const [shape, message] of [
    [[1, 65, 32, 1], /65 × 32 pixels; at most 64 × 32 .*MAX_IMAGE_HEIGHT/],
    [[1, 64, 33, 1], /64 × 33 pixels; at most 64 × 32 .*MAX_IMAGE_WIDTH/],
    [[11, 8, 8, 1], /11 images of 8 × 8 pixels .*at most 10 are allowed \(MAX_IMAGE_FRAMES\)/],
  ] as const) {
    assert.throws(() => checkExtent({ shape }, limits), { code: 'image_too_large', message });
  }
});

test('a limit of 0 allows all', () => {
  const none = { maxFileBytes: 0, maxHeight: 0, maxWidth: 0, maxFrames: 0 };
  assert.doesNotThrow(() => checkExtent({ shape: [1000, 10_000, 10_000, 1] }, none));
});

test('a rescaled image has the same limits, and the message says what its scale makes of it', () => {
  assert.doesNotThrow(() => checkRescaled([64, 32], 2, limits));
  for (const size of [
    [65, 32],
    [64, 33],
  ] as const) {
    assert.throws(() => checkRescaled(size, 2.5, limits), {
      code: 'image_too_large',
      message: `At a scale of 2.5 the image has ${size.join(' × ')} pixels; at most 64 × 32 are allowed (MAX_IMAGE_HEIGHT × MAX_IMAGE_WIDTH). Give a smaller scale or a smaller image.`,
    });
  }
  assert.doesNotThrow(() =>
    checkRescaled([9999, 9999], 2, { ...limits, maxHeight: 0, maxWidth: 0 }),
  );
});
