import { greatestLabel } from './label-operations.ts';
import type { PlaneSize } from './plane.ts';

/** What a square of 2 × 2 pixels adds to four times the Euler number, by which of its pixels are set (bits 0 to 3 in raster order). */
const CONTRIBUTIONS = Int32Array.from({ length: 16 }, (_, bits) => {
  const set = [0, 1, 2, 3].filter((bit) => (bits >> bit) & 1).length;
  if (set === 1) return 1;
  if (set === 3) return -1;
  return bits === 0b1001 || bits === 0b0110 ? -2 : 0;
});

/**
 * Euler number of each label, by label, times four: 8-connected components less 4-connected holes. Gray, "Local properties of binary
 * images in two dimensions", IEEE Trans. Computers 20 (1971): one pass over all squares of 2 × 2 pixels, the outside being 0.
 */
export function quadrupleEulerNumbers(
  labels: Int32Array,
  { rows, columns }: PlaneSize,
): Int32Array {
  const sums = new Int32Array(greatestLabel(labels) + 1);
  const outside = new Int32Array(columns);
  for (let row = 0; row <= rows; row++) {
    const above = row === 0 ? outside : labels.subarray((row - 1) * columns, row * columns);
    const below = row === rows ? outside : labels.subarray(row * columns, (row + 1) * columns);
    let a = 0;
    let c = 0;
    for (let column = 0; column <= columns; column++) {
      const b = column < columns ? above[column] : 0;
      const d = column < columns ? below[column] : 0;
      if (a !== b || c !== d || a !== c) addSquare(sums, a, b, c, d);
      a = b;
      c = d;
    }
  }
  return sums;
}

function addSquare(sums: Int32Array, a: number, b: number, c: number, d: number): void {
  sums[a] += contribution(a, a, b, c, d);
  if (b !== a) sums[b] += contribution(b, a, b, c, d);
  if (c !== a && c !== b) sums[c] += contribution(c, a, b, c, d);
  if (d !== a && d !== b && d !== c) sums[d] += contribution(d, a, b, c, d);
}

function contribution(label: number, a: number, b: number, c: number, d: number): number {
  const bits =
    (a === label ? 1 : 0) | (b === label ? 2 : 0) | (c === label ? 4 : 0) | (d === label ? 8 : 0);
  return CONTRIBUTIONS[bits];
}
