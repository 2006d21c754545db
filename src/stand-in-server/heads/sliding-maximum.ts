import type { PlaneSize } from '../../imaging/plane.ts';

/**
 * The largest value in the square of `2 * reach + 1` pixels around each pixel, cut off at the borders. Two passes of
 * van Herk's algorithm (Pattern Recognition Letters 13, 1992): three comparisons a pixel and axis, whatever the reach.
 */
export function slidingMaximum(plane: Float32Array, size: PlaneSize, reach: number): Float32Array {
  const { rows, columns } = size;
  const across = new Float32Array(plane.length);
  for (let row = 0; row < rows; row++) {
    const line = plane.subarray(row * columns, (row + 1) * columns);
    across.set(lineMaximum(line, reach), row * columns);
  }
  const result = new Float32Array(plane.length);
  const line = new Float32Array(rows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) line[row] = across[row * columns + column];
    const highest = lineMaximum(line, reach);
    for (let row = 0; row < rows; row++) result[row * columns + column] = highest[row];
  }
  return result;
}

function lineMaximum(line: Float32Array, reach: number): Float32Array {
  const window = 2 * reach + 1;
  const blocks = Math.ceil((line.length + 2 * reach) / window);
  const padded = new Float32Array(blocks * window).fill(-Infinity);
  padded.set(line, reach);
  const before = padded.slice();
  const after = padded.slice();
  for (let at = 1; at < padded.length; at++) {
    if (at % window !== 0) before[at] = Math.max(before[at], before[at - 1]);
  }
  for (let at = padded.length - 2; at >= 0; at--) {
    if ((at + 1) % window !== 0) after[at] = Math.max(after[at], after[at + 1]);
  }
  return line.map((_, at) => Math.max(after[at], before[at + 2 * reach]));
}
