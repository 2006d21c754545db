import assert from 'node:assert/strict';
import { test } from 'node:test';
import { positionOf } from '../../../src/stages/archive/split-positions.ts';

test('a position has its channels one after the other', () => {
  const data = Float32Array.from({ length: 12 }, (_, at) => at);
  assert.deepEqual(positionOf({ shape: [2, 1, 3, 2], data }, 1), {
    shape: [2, 1, 3],
    data: Float32Array.from([6, 8, 10, 7, 9, 11]),
  });
});
