import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quadrupleEulerNumbers } from '../../../src/imaging/watershed/euler-numbers.ts';
import { fillHoles } from '../../../src/imaging/watershed/fill-holes.ts';
import type { PlaneSize } from '../../../src/imaging/plane.ts';
import { randomLabels } from '../random-labels.ts';

type Point = readonly [row: number, column: number];

const NEAREST: readonly Point[] = [
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, 0],
];
const DIAGONAL: readonly Point[] = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
];

/** The components of the pixels of a box for which `isMember` holds. */
function components(
  [top, left, bottom, right]: readonly number[],
  isMember: (row: number, column: number) => boolean,
  steps: readonly Point[],
): Point[][] {
  const open = new Map<string, Point>();
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      if (isMember(row, column)) open.set(`${row},${column}`, [row, column]);
    }
  }
  const found: Point[][] = [];
  for (const [key, first] of open) {
    const component = [first];
    open.delete(key);
    for (const [y, x] of component) {
      for (const next of steps.map(([dy, dx]) => `${y + dy},${x + dx}`)) {
        const point = open.get(next);
        if (point !== undefined && open.delete(next)) component.push(point);
      }
    }
    found.push(component);
  }
  return found;
}

/** Components of a label less its holes: pieces of the rest of the plane, widened by one pixel, but for the one outside. */
function eulerNumber(labels: Int32Array, { rows, columns }: PlaneSize, label: number): number {
  const at = (row: number, column: number): boolean =>
    row >= 0 &&
    column >= 0 &&
    row < rows &&
    column < columns &&
    labels[row * columns + column] === label;
  const pieces = components([0, 0, rows - 1, columns - 1], at, [...NEAREST, ...DIAGONAL]);
  const rest = components([-1, -1, rows, columns], (row, column) => !at(row, column), NEAREST);
  return pieces.length - (rest.length - 1);
}

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
      fillHoles(filled, size, limit);
      const expected = slowFillHoles(labels, size, { limit, candidates });
      assert.deepEqual(filled, expected, `${name}, limit ${limit}`);
    }
  }
});

test('counts components less holes', () => {
  for (const { name, labels, size } of randomLabels(5)) {
    const quadruple = quadrupleEulerNumbers(labels, size);
    for (const label of new Set(labels)) {
      if (label === 0) continue;
      assert.equal(
        quadruple[label],
        4 * eulerNumber(labels, size, label),
        `${name}, label ${label}`,
      );
    }
  }
});
