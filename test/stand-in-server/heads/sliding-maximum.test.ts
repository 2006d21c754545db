import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slidingMaximum } from '../../../src/stand-in-server/heads/sliding-maximum.ts';
import { samplePlane } from './sample-plane.ts';

test('equals scipy.ndimage.maximum_filter(size=5) without a border', () => {
  const size = { rows: 15, columns: 17 };
  const highest = slidingMaximum(samplePlane(size), size, 2);
  const sum = highest.reduce((total, value) => total + value, 0);
  assert.ok(Math.abs(sum - 246.23) < 1e-3);
  const at = (row: number, column: number): number => highest[row * 17 + column] ?? 0;
  assert.deepEqual([at(0, 0), at(7, 8), at(14, 16)], [0.91, 0.97, 0.91].map(Math.fround));
});

test('a reach beyond the plane gives its maximum everywhere', () => {
  const size = { rows: 3, columns: 2 };
  const plane = Float32Array.of(1, 5, 2, -1, 0, 3);
  assert.deepEqual(slidingMaximum(plane, size, 10), new Float32Array(6).fill(5));
});
