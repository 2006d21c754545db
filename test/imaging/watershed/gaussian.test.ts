import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  gaussianWeights,
  smoothPlane,
  type Surroundings,
} from '../../../src/imaging/watershed/gaussian.ts';
import type { PlaneSize } from '../../../src/imaging/plane.ts';
import { randomPlanes } from '../random-planes.ts';

/** The value at an index of a line that goes on outside as in a mirror, or with zeros. */
function valueAt(line: readonly number[], index: number, outside: Surroundings): number {
  if (outside === 'zeros') return line[index] ?? 0;
  // The line and its mirror image, again and again.
  const period = 2 * line.length;
  const at = ((index % period) + period) % period;
  return line[at < line.length ? at : period - 1 - at] ?? 0;
}

/** The definition as it is written, for one line. */
function smoothLine(
  line: readonly number[],
  weights: Float64Array,
  outside: Surroundings,
): number[] {
  return line.map((centre, index) => {
    let sum = centre * (weights[0] ?? 0);
    for (let j = weights.length - 1; j > 0; j--) {
      const pair = valueAt(line, index - j, outside) + valueAt(line, index + j, outside);
      sum += pair * (weights[j] ?? 0);
    }
    return Math.fround(sum);
  });
}

function slowGaussian(
  plane: Float32Array,
  { rows, columns }: PlaneSize,
  [down, across]: readonly [number, number],
  outside: Surroundings,
): Float32Array {
  const result = plane.slice();
  for (let column = 0; column < columns; column++) {
    const line = Array.from({ length: rows }, (_, row) => plane[row * columns + column] ?? 0);
    smoothLine(line, gaussianWeights(down), outside).forEach((value, row) => {
      result[row * columns + column] = value;
    });
  }
  for (let row = 0; row < rows; row++) {
    const line = [...result.subarray(row * columns, (row + 1) * columns)];
    result.set(smoothLine(line, gaussianWeights(across), outside), row * columns);
  }
  return result;
}

const SIGMAS = [
  [1, 1],
  [2, 2],
  [0.37, 4.5],
  [3, 0],
  [0, 0.8],
] as const;

for (const outside of ['mirror', 'zeros'] as const) {
  test(`smooths as a plain implementation does with ${outside} outside`, () => {
    for (const { name, plane, size } of randomPlanes(1)) {
      for (const sigma of SIGMAS) {
        const smooth = new Float32Array(plane.length);
        smoothPlane(plane, size, { sigma, outside }, smooth);
        const expected = slowGaussian(plane, size, sigma, outside);
        assert.deepEqual(smooth, expected, `${name}, sigma ${sigma.join(' and ')}`);
      }
    }
  });
}

test('uses the weights of scipy', () => {
  assert.deepEqual(
    [...gaussianWeights(1)],
    [
      0.39894346935609776, 0.24197144565660073, 0.05399112742070441, 0.0044318616200312655,
      0.00013383062461474175,
    ],
  );
  assert.deepEqual(
    [...gaussianWeights(2)],
    [
      0.199474647864745, 0.17603575888479037, 0.12098748976534904, 0.06475993660472744,
      0.026995957967298846, 0.00876430436278587, 0.002215963172596555, 0.0004363490205067883,
      6.691628957263553e-5,
    ],
  );
});
