import { padPlane, type PaddedPlane } from './padded-plane.ts';
import { PeakFlood } from './peak-flood.ts';
import type { HMaximaOptions } from './h-maxima-options.ts';
import { markBySweep } from './peak-sweep.ts';
import type { PlaneSize } from './plane.ts';
import { type Scratch, withScratch } from './scratch.ts';
import { seedMargin, seedOf } from './seed-image.ts';

/**
 * Sets `marks` to 1 at the h-maxima of a plane and to 0 elsewhere: `skimage.morphology.h_maxima(plane, h, disk(radius))` of version
 * 0.19, to the pixel. Vincent, "Morphological grayscale reconstruction in image analysis", IEEE Trans. Image Processing 2 (1993).
 * NaN pixels are never marked and never passed.
 *
 * Instead of reconstructing the plane, it floods from the few pixels that are highest within a square that fits into the disk.
 * Where plateaus or noise make the floods long, it falls back to a reconstruction.
 */
export function markHMaxima(
  plane: Float32Array,
  size: PlaneSize,
  options: HMaximaOptions,
  marks: Uint8Array,
): void {
  const extent = extentOf(plane);
  marks.fill(0);
  if (options.h <= 0) {
    for (let i = 0; i < plane.length; i++) marks[i] = Number.isNaN(plane[i]) ? 0 : 1;
    return;
  }
  if (!extent.hasGaps && options.h > Math.fround(extent.greatest - extent.least)) return;
  withScratch((scratch) => {
    if (!markByFloods(plane, size, options, extent, marks, scratch)) {
      marks.fill(0);
      markBySweep(plane, size, options, marks, scratch);
    }
  });
}

/** The range of the values that are numbers, and whether some are not. */
interface Extent {
  readonly least: number;
  readonly greatest: number;
  readonly hasGaps: boolean;
}

function extentOf(plane: Float32Array): Extent {
  let least = Infinity;
  let greatest = -Infinity;
  let hasGaps = false;
  for (let i = 0; i < plane.length; i++) {
    const value = plane[i];
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    if (value !== value) hasGaps = true;
  }
  return { least, greatest, hasGaps };
}

/**
 * Any two pixels of a square that fits into the disk reach each other in one step. So if the highest of them is no peak, none is; and if
 * it is one, others are only if they are as high, but for rounding. False if the floods became too long: `marks` is void then.
 */
function markByFloods(
  plane: Float32Array,
  size: PlaneSize,
  { h, radius }: HMaximaOptions,
  extent: Extent,
  marks: Uint8Array,
  scratch: Scratch,
): boolean {
  const padded = padPlane(plane, size, Math.max(1, radius), scratch);
  const margin = seedMargin(Math.max(Math.abs(extent.least), Math.abs(extent.greatest)), h);
  const flood = new PeakFlood(padded, { h, radius, margin }, scratch);
  const isSurelyNone = lowValueTest(extent, { h, radius });
  const side = Math.floor(radius / Math.SQRT2) + 1;
  for (let row = 0; row < size.rows; row += side) {
    for (let column = 0; column < size.columns; column += side) {
      const square = { row, column, side };
      const highest = highestIn(padded, square);
      if (highest < 0 || isSurelyNone(padded.values[highest]) || !flood.isPeak(highest)) continue;
      markSquare(padded, square, padded.values[highest] - margin, flood, marks);
    }
    if (flood.gaveUp) return false;
  }
  return true;
}

/**
 * If even the lowest pixel lies less than h below a value, the whole plane can be passed from there, up to its highest pixel, unless
 * there are gaps.
 */
function lowValueTest(
  { least, greatest, hasGaps }: Extent,
  { h, radius }: HMaximaOptions,
): (value: number) => boolean {
  if (hasGaps || radius < 1) return () => false;
  const seed = seedOf(greatest, h);
  return (value) => value - least < h && value - seed < h;
}

interface Square {
  readonly row: number;
  readonly column: number;
  readonly side: number;
}

/** Where the highest value of a square stands in the padded plane; -1 if none is a number. */
function highestIn(
  { values, stride, origin, size }: PaddedPlane,
  { row, column, side }: Square,
): number {
  const bottom = Math.min(row + side, size.rows);
  const width = Math.min(side, size.columns - column);
  let highest = -1;
  let best = -Infinity;
  for (let y = row; y < bottom; y++) {
    const start = origin + y * stride + column;
    for (let i = start; i < start + width; i++) {
      if (values[i] > best) {
        best = values[i];
        highest = i;
      }
    }
  }
  return highest;
}

/** Marks the peaks of a square among its pixels that are at least as high as `bound`. */
function markSquare(
  { values, stride, origin, size }: PaddedPlane,
  { row, column, side }: Square,
  bound: number,
  flood: PeakFlood,
  marks: Uint8Array,
): void {
  for (let y = row; y < Math.min(row + side, size.rows); y++) {
    for (let x = column; x < Math.min(column + side, size.columns); x++) {
      const i = origin + y * stride + x;
      if (values[i] >= bound && flood.isPeak(i)) marks[y * size.columns + x] = 1;
    }
  }
}
