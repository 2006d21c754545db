import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillHoles } from '../../../src/imaging/watershed/fill-holes.ts';
import { surveyLabels } from '../../../src/imaging/watershed/label-survey.ts';
import type { PlaneSize } from '../../../src/imaging/plane.ts';
import { randomLabels } from '../random-labels.ts';
import { components, eulerNumber, NEAREST } from './slow-euler.ts';

function boxOf(labels: Int32Array, columns: number, label: number): number[] {
  const pixels = [...labels.keys()].filter((pixel) => labels[pixel] === label);
  const rows = pixels.map((pixel) => Math.floor(pixel / columns));
  const places = pixels.map((pixel) => pixel % columns);
  return [Math.min(...rows), Math.min(...places), Math.max(...rows), Math.max(...places)];
}

/** The labels that may have holes, in order. */
function holed(labels: Int32Array, size: PlaneSize): number[] {
  const present = [...new Set(labels)].filter((label) => label > 0).sort((a, b) => a - b);
  return present.filter((label) => eulerNumber(labels, size, label) < 1);
}

/** The definition as it is written. */
function slowFillHoles(
  labels: Int32Array,
  size: PlaneSize,
  { limit, candidates }: { readonly limit: number; readonly candidates: readonly number[] },
): Int32Array {
  const filled = labels.slice();
  for (const label of candidates) {
    const isOther = (row: number, column: number): boolean =>
      filled[row * size.columns + column] !== label;
    for (const piece of components(boxOf(labels, size.columns, label), isOther, NEAREST)) {
      if (piece.length >= limit) continue;
      for (const [row, column] of piece) filled[row * size.columns + column] = label;
    }
  }
  return filled;
}

test('fills what a plain implementation fills', () => {
  for (const { name, labels, size } of randomLabels(25)) {
    const candidates = holed(labels, size);
    for (const limit of [1, 4, 15, 10_000]) {
      const filled = labels.slice();
      const survey = surveyLabels(labels, size, Math.max(...labels));
      fillHoles(filled, size, limit, survey);
      const expected = slowFillHoles(labels, size, { limit, candidates });
      assert.deepEqual(filled, expected, `${name}, limit ${limit}`);
      const left = surveyLabels(filled, size, Math.max(...labels)).pixels;
      assert.deepEqual(survey.pixels.fill(0, 0, 1), left, `${name}, limit ${limit}: pixels`);
    }
  }
});
