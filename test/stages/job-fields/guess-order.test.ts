import assert from 'node:assert/strict';
import { test } from 'node:test';
import { guessOrder } from '../../../src/stages/job-fields/guess-order.ts';

const guess = (...shape: readonly number[]): string =>
  guessOrder({ shape, axes: 'Q'.repeat(shape.length), axesFrom: 'nobody' });

const guessPages = (axes: string, ...shape: readonly number[]): string =>
  guessOrder({ shape, axes, axesFrom: 'nobody' });

test('the shortest axis is that of the channels; the first of four counts images', () => {
  assert.equal(guess(96, 128), 'XY');
  assert.equal(guess(3, 96, 128), 'CXY');
  assert.equal(guess(96, 128, 3), 'XYC');
  assert.equal(guess(5, 3, 96, 128), 'BCXY');
  assert.equal(guess(5, 96, 128, 3), 'BXYC');
});

test('of axes of equal length the last is taken for the channels, then the first', () => {
  assert.equal(guess(8, 8, 8), 'XYC');
  assert.equal(guess(8, 8, 9), 'CXY');
});

test('one axis and five are refused, with the shape', () => {
  for (const shape of [[9], [1, 1, 1, 9, 9]])
    assert.throws(() => guess(...shape), {
      code: 'wrong_dimensions',
      message: `The image has ${shape.length} axes (shape ${shape.join(' × ')}); two to four are allowed.`,
    });
});

test('channels between rows and columns are refused, with what the job may say instead', () => {
  assert.throws(() => guess(96, 3, 128), {
    code: 'wrong_dimensions',
    message:
      'The image has the shape 96 × 3 × 128, and neither the job nor the file says what its axes are. ' +
      'By their lengths it would be an image of 96 × 128 pixels and 3 channels; it may as well be 96 ' +
      'images of 3 × 128 pixels and 1 channel. Give the job a dimension_order: BXY, CXY, XYB, XYC.',
  });
  assert.throws(() => guess(2, 96, 3, 128), { message: /dimension_order: BXYC, BCXY, CXYB\.$/ });
});

test('up to 16 channels are always plausible; more only if rows and columns are twice as long', () => {
  assert.equal(guess(16, 17, 17), 'CXY');
  assert.equal(guess(40, 80, 80), 'CXY');
  assert.throws(() => guess(40, 79, 80), { code: 'wrong_dimensions', message: /40 channels/ });
});

test('what the file stores as rows or columns of a page is not taken for channels', () => {
  assert.equal(guessPages('IYX', 3, 96, 128), 'CXY');
  assert.throws(() => guessPages('IYX', 30, 96, 10), {
    code: 'wrong_dimensions',
    message: /its pages may as well be 30 images of 96 × 10 pixels/,
  });
});
