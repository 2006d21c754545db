import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assignCells, assignmentCosts } from '../../../src/imaging/tracking/assign-cells.ts';

const COSTS = { death: 0.99, birth: 0.98 };

function probabilities(tracks: number, cells: number, values: readonly number[]) {
  const data = Float32Array.from(values.flatMap((same) => [same, 1 - same, 0]));
  return { shape: [1, 1, tracks, cells, 3], data };
}

test('gives each track the cell that is like it, and a cell like none a track of its own', () => {
  const pairs = probabilities(2, 3, [0.1, 0.9, 0.1, 0.8, 0.1, 0.2]);
  const columns = assignCells({ ...COSTS, probabilities: pairs, ended: Uint8Array.of(0, 0) });
  assert.deepEqual([...columns.subarray(0, 2)], [1, 0]);
  assert.ok(columns.subarray(2).includes(2));
});

test('has room in the costs for tracks that end, cells that begin, and both', () => {
  const pairs = probabilities(1, 2, [0.75, 0.5]);
  const { shape, data } = assignmentCosts({
    ...COSTS,
    probabilities: pairs,
    ended: Uint8Array.of(0),
  });
  const [death, birth] = [0.99, 0.98].map(Math.fround);
  assert.deepEqual(shape, [3, 3]);
  assert.deepEqual([...data], [0.25, 0.5, death, birth, 1, 0.25, 1, birth, 0.5]);
});

test('a track that has divided is like no cell', () => {
  const pairs = probabilities(1, 1, [1]);
  const { data } = assignmentCosts({ ...COSTS, probabilities: pairs, ended: Uint8Array.of(1) });
  assert.equal(data[0], 1);
});

test('refuses what no assignment can be made of', () => {
  const sound = probabilities(1, 2, [0.5, 0.5]);
  const ended = Uint8Array.of(0);
  for (const [what, broken] of [
    ['values that are no numbers', { ...sound, data: sound.data.with(3, NaN) }],
    ['values that are no numbers', { ...sound, data: sound.data.with(3, Infinity) }],
    ['an output of shape 1 × 2 × 3', { ...sound, shape: [1, 2, 3] }],
    ['an output of shape 1 × 1 × 2 × 1 × 3', { ...sound, shape: [1, 1, 2, 1, 3] }],
  ] as const) {
    assert.throws(() => assignCells({ ...COSTS, probabilities: broken, ended }), {
      code: 'model_mismatch',
      message: `The tracking model gave ${what}; finite numbers of shape 1 × 1 × 1 × cells × 3 are needed.`,
    });
  }
});
