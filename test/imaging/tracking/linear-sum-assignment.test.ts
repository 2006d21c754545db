import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearSumAssignment } from '../../../src/imaging/tracking/linear-sum-assignment.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

/** The least total cost over all assignments of the rows from `row` on to columns that are left. */
function leastCost(
  costs: Float64Array,
  size: number,
  row: number,
  taken: ReadonlySet<number>,
): number {
  if (row === size) return 0;
  const left = Array.from({ length: size }, (_, column) => column).filter((c) => !taken.has(c));
  return Math.min(
    ...left.map(
      (column) =>
        (costs[row * size + column] ?? 0) +
        leastCost(costs, size, row + 1, new Set([...taken, column])),
    ),
  );
}

test('finds an assignment of least cost', () => {
  const random = seededRandom(1);
  for (let repeat = 0; repeat < 60; repeat++) {
    const size = 1 + (repeat % 6);
    const levels = repeat % 2 === 0 ? 4 : 1e6;
    const data = Float64Array.from(
      { length: size * size },
      () => Math.floor(random() * levels) - 1,
    );
    const columns = linearSumAssignment({ shape: [size, size], data });
    assert.equal(new Set(columns).size, size);
    const cost = columns.reduce((sum, column, row) => sum + (data[row * size + column] ?? 0), 0);
    assert.equal(cost, leastCost(data, size, 0, new Set()));
  }
});

test('assigns nothing to nothing', () => {
  assert.equal(linearSumAssignment({ shape: [0, 0], data: new Float64Array(0) }).length, 0);
});
