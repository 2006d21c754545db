import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Image } from '../../../src/imaging/array.ts';
import { locateSpots } from '../../../src/imaging/spots/spot-cells.ts';
import { findSpots } from '../../../src/imaging/spots/spots.ts';

function image(rows: number, columns: number, channels: number, values: number[]): Image {
  const batches = values.length / (rows * columns * channels);
  return { shape: [batches, rows, columns, channels], data: Float32Array.from(values) };
}

const EMPTY = Array.from({ length: 25 }, () => 0);

test('gives an empty list of points to every batch item without spots', () => {
  const classification = image(5, 5, 1, [...EMPTY, ...EMPTY.with(12, 1), ...EMPTY.fill(NaN)]);
  const offsets = image(
    5,
    5,
    2,
    Array.from({ length: 150 }, () => 0.25),
  );
  const found = findSpots({ classification, offsets, threshold: 0.95 });
  assert.deepEqual(
    found.map(({ shape, data }) => [shape, ...data]),
    [[[0, 2]], [[1, 2], 2.25, 2.25], [[0, 2]]],
  );
});

test('leaves out the border, and everything if all pixels are equal', () => {
  const offsets = image(
    3,
    3,
    2,
    Array.from({ length: 18 }, () => 0),
  );
  const corner = image(3, 3, 1, [1, 0, 0, 0, 0, 0, 0, 0, 0]);
  const flat = image(
    3,
    3,
    1,
    Array.from({ length: 9 }, () => 1),
  );
  for (const classification of [corner, flat]) {
    assert.deepEqual(findSpots({ classification, offsets, threshold: 0.5 })[0]?.shape, [0, 2]);
  }
});

test('refuses thresholds that are no probabilities and outputs that do not fit', () => {
  const classification = image(1, 1, 1, [0]);
  const offsets = image(1, 1, 2, [0, 0]);
  for (const threshold of [-0.1, 1.1, NaN]) {
    assert.throws(() => findSpots({ classification, offsets, threshold }), {
      code: 'internal',
      message: 'Threshold value must be between 0 and 1.',
    });
  }
  assert.throws(() => findSpots({ classification, offsets: classification, threshold: 0.5 }), {
    code: 'model_mismatch',
    message: /not 1 × 1 × 1 × 1 and 1 × 1 × 1 × 1\.$/,
  });
});

test('looks up points outside the image as numpy does, within one turn', () => {
  const labels = { shape: [2, 3, 1], data: Int32Array.of(1, 2, 3, 4, 5, 6) };
  const at = (row: number, column: number) =>
    locateSpots({ points: { shape: [1, 2], data: Float64Array.of(row, column) }, labels })[0];
  assert.deepEqual(at(-0.9, 1.9), { x: 1.9, y: -0.9, cells: [2] });
  assert.deepEqual(at(-1, -3), { x: -3, y: -1, cells: [4] });
  assert.throws(() => at(2, 0), {
    code: 'wrong_dimensions',
    message: 'A spot at row 2, column 0 lies outside the label image of 2 × 3 pixels.',
  });
});
