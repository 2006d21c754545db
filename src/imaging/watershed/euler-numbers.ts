import { greatestLabel } from './label-operations.ts';
import type { PlaneSize } from '../plane.ts';
import { type Row, withRows } from '../row-kernels.ts';

/**
 * What a square of 2 × 2 pixels adds to four times the Euler number, by which of its pixels are set (bits 0
 * to 3 in raster order).
 */
const CONTRIBUTIONS = Int32Array.from({ length: 16 }, (_, bits) => {
  const set = [0, 1, 2, 3].filter((bit) => (bits >> bit) & 1).length;
  if (set === 1) return 1;
  if (set === 3) return -1;
  return bits === 0b1001 || bits === 0b0110 ? -2 : 0;
});

/**
 * Euler number of each label, by label, times four: 8-connected components less 4-connected holes. Gray,
 * "Local properties of binary images in two dimensions", IEEE Trans. Computers 20 (1971): one pass over
 * all squares of 2 × 2 pixels, the outside being 0. Uniform squares and straight edges add nothing.
 */
export function quadrupleEulerNumbers(
  labels: Int32Array,
  { rows, columns }: PlaneSize,
  greatest = greatestLabel(labels),
): Int32Array {
  const sums = new Int32Array(greatest + 1);
  withRows({ count: 3, width: columns + 1 }, ({ kernels, row: newRow, rowOf }) => {
    const places = newRow('zero');
    let [above, below] = [rowOf(columns, 'zero'), rowOf(columns, 'zero')];
    for (let row = 0; row <= rows; row++) {
      if (row < rows) below.int32.set(labels.subarray(row * columns, (row + 1) * columns));
      else below.int32.fill(0);
      const count = kernels.findCorners(above.address, below.address, columns, places.address);
      for (let i = 0; i < count; i++) {
        const x = places.int32[i];
        addSquare(
          sums,
          valueAt(above, x - 1),
          valueAt(above, x),
          valueAt(below, x - 1),
          valueAt(below, x),
        );
      }
      [above, below] = [below, above];
    }
  });
  return sums;
}

/** The label at a place of a row, 0 at its ends. */
function valueAt({ int32 }: Row, place: number): number {
  return place < 0 || place >= int32.length ? 0 : int32[place];
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
