import assert from 'node:assert/strict';
import { test } from 'node:test';
import { likeliestLabel, meanScale } from '../../../src/imaging/applications/detection.ts';

function output(shape: readonly number[], ...values: readonly number[]) {
  return { shape, data: Float32Array.from(values) };
}

test('The scale is the mean over the tiles, and 1 if it is almost 1.', () => {
  assert.equal(meanScale(output([2, 1], 0.5, 2)), 1.25);
  assert.equal(meanScale(output([2, 1], 0.996, 1.01)), 1);
  assert.equal(meanScale(output([1, 1], 1.0101)), Math.fround(1.0101));
});

test('The label is the class with the greatest sum, the first of equals.', () => {
  assert.equal(likeliestLabel(output([2, 3], 0.5, 0, 0.5, 0, 0.25, 0.75)), 2);
  assert.equal(likeliestLabel(output([1, 3], 0.25, 0.5, 0.5)), 1);
});

test('Outputs of another form are refused.', () => {
  assert.throws(() => meanScale(output([0, 1])), { code: 'model_mismatch' });
  assert.throws(() => likeliestLabel(output([2, 0])), { code: 'model_mismatch' });
  assert.throws(() => likeliestLabel(output([1, 1, 1], 5)), {
    code: 'model_mismatch',
    message: 'The label model gave an output of shape 1 × 1 × 1 instead of tile × class.',
  });
});
