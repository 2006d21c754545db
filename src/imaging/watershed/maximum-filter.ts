import type { PlaneSize } from '../plane.ts';
import { withScratch } from '../scratch.ts';

/**
 * Sets every pixel of `output` to the greatest value within the square of `2 radius + 1` pixels around it,
 * what lies outside the plane being `outside`. Along rows, then along columns, in three comparisons a pixel
 * and axis: van Herk, "A fast algorithm for local minimum and maximum filters", Pattern Recognition Letters
 * 13 (1992).
 */
export function maximumFilter(
  plane: Float32Array,
  size: PlaneSize,
  window: Window,
  output: Float32Array,
): void {
  output.set(plane);
  const length = Math.max(size.rows, size.columns) + 2 * window.radius;
  withScratch((scratch) => {
    filterLines(output, size, window, {
      line: scratch.float32(length),
      ahead: scratch.float32(length),
    });
  });
}

interface Window {
  readonly radius: number;
  readonly outside: number;
}

/** Running maxima of blocks as long as the window, forwards and backwards. */
interface Maxima {
  readonly line: Float32Array;
  readonly ahead: Float32Array;
}

/** Filters the rows of a plane, then its columns, in place. */
function filterLines(
  plane: Float32Array,
  { rows, columns }: PlaneSize,
  window: Window,
  maxima: Maxima,
): void {
  for (let row = 0; row < rows; row++) {
    filterLine(plane, { start: row * columns, step: 1, length: columns }, window, maxima);
  }
  for (let column = 0; column < columns; column++) {
    filterLine(plane, { start: column, step: columns, length: rows }, window, maxima);
  }
}

interface Line {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

function filterLine(
  plane: Float32Array,
  { start, step, length }: Line,
  { radius, outside }: Window,
  { line, ahead }: Maxima,
): void {
  const window = 2 * radius + 1;
  const total = length + 2 * radius;
  line.fill(outside, 0, total);
  for (let i = 0; i < length; i++) line[radius + i] = plane[start + i * step];
  for (let i = total - 1; i >= 0; i--) {
    const endsBlock = i === total - 1 || i % window === window - 1;
    ahead[i] = endsBlock || line[i] > ahead[i + 1] ? line[i] : ahead[i + 1];
  }
  for (let i = 1; i < total; i++) {
    if (i % window !== 0 && line[i - 1] > line[i]) line[i] = line[i - 1];
  }
  for (let i = 0; i < length; i++) {
    const behind = line[i + window - 1];
    plane[start + i * step] = behind > ahead[i] ? behind : ahead[i];
  }
}
