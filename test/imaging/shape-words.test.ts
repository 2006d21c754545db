import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shapeWords } from '../../src/imaging/shape-words.ts';

test('a shape is told in full as long as it is one of an image, and is short in any case', () => {
  assert.equal(shapeWords([]), '');
  assert.equal(shapeWords([3, 512, 640]), '3 × 512 × 640');
  assert.equal(shapeWords([1, 2, 3, 4, 5, 6, 7, 8]), '1 × 2 × 3 × 4 × 5 × 6 × 7 × 8');
  const long = Array.from({ length: 100_002 }, () => 1);
  assert.equal(shapeWords(long), '1 × 1 × 1 × 1 × 1 × 1 × 1 × 1 × … (100002 axes)');
});
