import type { PlaneSize } from '../../plane.ts';
import type { Scratch } from '../../scratch.ts';

/**
 * A plane with a margin that no comparison accepts (NaN) around it, so that steps out of the image need no
 * test. Rows share their margins: the one right of a row is the one left of the next.
 */
export interface PaddedPlane {
  readonly size: PlaneSize;
  readonly values: Float32Array;
  /** Distance between vertical neighbours. */
  readonly stride: number;
  /** Where pixel (0, 0) stands. */
  readonly origin: number;
}

/** Copies a plane into a scratch array with `margin` pixels of NaN on every side. */
export function padPlane(
  plane: Float32Array,
  size: PlaneSize,
  margin: number,
  scratch: Scratch,
): PaddedPlane {
  const stride = size.columns + margin;
  const origin = margin * stride + margin;
  const values = scratch.float32((size.rows + 2 * margin) * stride + margin);
  values.fill(NaN, 0, origin);
  for (let row = 0; row < size.rows; row++) {
    const start = origin + row * stride;
    values.set(plane.subarray(row * size.columns, (row + 1) * size.columns), start);
    values.fill(NaN, start + size.columns, start + stride);
  }
  values.fill(NaN, origin + size.rows * stride);
  return { size, values, stride, origin };
}
