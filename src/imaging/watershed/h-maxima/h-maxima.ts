import { withBands } from '../bands.ts';
import { type Extent, extentOf } from '../../extent.ts';
import { type PaddedPlane, padPlane } from './padded-plane.ts';
import { PeakFlood } from './peak-flood.ts';
import type { HMaximaOptions } from './h-maxima-options.ts';
import { markBySweep } from './peak-sweep.ts';
import type { PlaneSize } from '../../plane.ts';
import { withScratch } from '../../scratch.ts';
import { seedMargin, seedOf } from './seed-image.ts';

/**
 * Sets `marks` to 1 at the h-maxima of a plane and to 0 elsewhere: `skimage.morphology.h_maxima(plane, h,
 * disk(radius))` of version 0.19, to the pixel. Vincent, "Morphological grayscale reconstruction in image
 * analysis", IEEE Trans. Image Processing 2 (1993). NaN pixels are never marked and never passed.
 *
 * Instead of reconstructing the plane, it floods from the few pixels that no neighbour exceeds. Where
 * plateaus or noise make the floods long, it falls back to a reconstruction.
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
  if (markByFloods(plane, size, options, extent, marks)) return;
  marks.fill(0);
  withScratch((scratch) => markBySweep(plane, size, options, marks, scratch));
}

/** False if the floods became too long: `marks` is void then. */
function markByFloods(
  plane: Float32Array,
  size: PlaneSize,
  options: HMaximaOptions,
  extent: Extent,
  marks: Uint8Array,
): boolean {
  const { h, radius } = options;
  return withScratch((scratch) => {
    const padded = padPlane(plane, size, Math.max(1, radius), scratch);
    const margin = seedMargin(Math.max(Math.abs(extent.least), Math.abs(extent.greatest)), h);
    const bound = lowBound(extent, options, margin);
    const flood = new PeakFlood(padded, { h, radius, margin }, scratch);
    const check = (pixel: number): void => {
      if (!flood.isPeak(pixel)) return;
      const row = Math.floor((pixel - padded.origin) / padded.stride);
      const column = pixel - padded.origin - row * padded.stride;
      marks[row * size.columns + column] = 1;
    };
    // A disk of radius 1 does not hold the diagonal neighbours.
    if (radius >= 2) {
      forEachSummit(padded, { bound, margin }, check);
    } else {
      forEachAbove(padded, bound, check);
    }
    return !flood.gaveUp;
  });
}

/**
 * A value up to which there are no peaks: from the pixels below it the whole plane can be passed, up to
 * its highest pixel, unless there are gaps.
 */
function lowBound(extent: Extent, { h, radius }: HMaximaOptions, margin: number): number {
  if (extent.hasGaps || radius < 1) return -Infinity;
  const bound = Math.fround(Math.min(extent.least, seedOf(extent.greatest, h)) + h - margin);
  const isSafe = bound - extent.least < h && bound - seedOf(extent.greatest, h) < h;
  return isSafe ? bound : -Infinity;
}

type Visit = (pixel: number) => void;

/** Visits the pixels above a bound that none of their eight neighbours exceeds by more than `margin`. */
function forEachSummit(
  { values, size, stride, origin }: PaddedPlane,
  { bound, margin }: { readonly bound: number; readonly margin: number },
  visit: Visit,
): void {
  withBands({ size, stride }, 2, (bands, { kernels, band, list }) => {
    const [level, places] = [band('not a number'), list()];
    for (const { row, count } of bands) {
      const start = origin + row * stride;
      level.float32.set(values.subarray(start - stride, start + count + stride));
      const from = level.address + 4 * stride;
      const { address } = places;
      const summits = kernels.findSummits(from, stride, count, start, bound, margin, address);
      // At once, while the rows are in the cache.
      for (let i = 0; i < summits; i++) visit(places.int32[i]);
    }
  });
}

function forEachAbove(
  { values, size: { rows, columns }, stride, origin }: PaddedPlane,
  bound: number,
  visit: Visit,
): void {
  for (let row = 0; row < rows; row++) {
    const start = origin + row * stride;
    for (let pixel = start; pixel < start + columns; pixel++) {
      if (values[pixel] > bound) visit(pixel);
    }
  }
}
