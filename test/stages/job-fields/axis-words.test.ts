import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeAxes, describeOrder } from '../../../src/stages/job-fields/axis-words.ts';

test('the axes of a file are described in its order, rows and columns last', () => {
  const words = (axes: string, ...shape: readonly number[]): string =>
    describeAxes({ axes, shape });
  assert.equal(words('TCYX', 3, 2, 96, 128), '3 frames, 2 channels, 96 × 128 pixels');
  assert.equal(words('YXS', 96, 128, 3), '3 samples, 96 × 128 pixels');
  assert.equal(words('ZIYX', 1, 1, 5, 6), '1 slice, 1 page, 5 × 6 pixels');
  assert.equal(words('XY', 128, 96), '96 × 128 pixels');
});

test('an order is described by what it makes of a shape', () => {
  assert.equal(describeOrder('XY', [96, 128]), 'an image of 96 × 128 pixels and 1 channel');
  assert.equal(describeOrder('XYB', [3, 96, 128]), '128 images of 3 × 96 pixels and 1 channel');
  assert.equal(
    describeOrder('BCXY', [2, 3, 96, 128]),
    '2 images of 96 × 128 pixels and 3 channels',
  );
  // Axes that share a letter become one.
  assert.equal(describeOrder('BBXY', [2, 3, 4, 5]), '6 images of 4 × 5 pixels and 1 channel');
});
