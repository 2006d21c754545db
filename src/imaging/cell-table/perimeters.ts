import type { PlaneSize } from '../plane.ts';

/*
 * The estimate of Benkrid and Crookes, "Design and FPGA Implementation of a Perimeter Estimator" (2000), as
 * scikit-image's `regionprops` has it with a neighbourhood of 4: each pixel on the border of a cell counts by
 * how many others it touches along an edge and at a corner.
 */
const [AT_EDGE, AT_CORNER] = [2, 10];
const WEIGHTS = new Float64Array(50);
for (const around of [5, 7, 15, 17, 25, 27]) WEIGHTS[around] = 1;
for (const around of [21, 33]) WEIGHTS[around] = Math.SQRT2;
for (const around of [13, 23]) WEIGHTS[around] = (1 + Math.SQRT2) / 2;

interface Numbered extends PlaneSize {
  /** The number of the cell of each pixel, below 0 for the background. */
  readonly numbers: Int32Array;
  readonly cells: number;
}

/** The perimeter of each cell in pixels, by the number of the cell. */
export function perimeters({ numbers, rows, columns, cells }: Numbered): Float64Array {
  const out = new Float64Array(cells);
  const { framed, width } = borders(numbers, { rows, columns });
  for (let row = 1; row <= rows; row++) {
    for (let at = row * width + 1, end = at + columns; at < end; at++) {
      const cell = framed[at];
      if (cell < 0) continue;
      const above = at - width;
      const below = at + width;
      let around = 1;
      if (framed[above] === cell) around += AT_EDGE;
      if (framed[below] === cell) around += AT_EDGE;
      if (framed[at - 1] === cell) around += AT_EDGE;
      if (framed[at + 1] === cell) around += AT_EDGE;
      if (framed[above - 1] === cell) around += AT_CORNER;
      if (framed[above + 1] === cell) around += AT_CORNER;
      if (framed[below - 1] === cell) around += AT_CORNER;
      if (framed[below + 1] === cell) around += AT_CORNER;
      out[cell] += WEIGHTS[around];
    }
  }
  return out;
}

/** The cells whose border each pixel is on, -1 for other pixels, with a frame of one pixel around them. */
function borders(
  numbers: Int32Array,
  { rows, columns }: PlaneSize,
): { framed: Int32Array; width: number } {
  const width = columns + 2;
  const framed = new Int32Array(width * (rows + 2)).fill(-1);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      const cell = numbers[at];
      if (cell < 0) continue;
      const isInside =
        row > 0 &&
        row < rows - 1 &&
        column > 0 &&
        column < columns - 1 &&
        numbers[at - columns] === cell &&
        numbers[at + columns] === cell &&
        numbers[at - 1] === cell &&
        numbers[at + 1] === cell;
      if (!isInside) framed[(row + 1) * width + column + 1] = cell;
    }
  }
  return { framed, width };
}
