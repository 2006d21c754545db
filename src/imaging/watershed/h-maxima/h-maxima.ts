import { type Band, type BandArena, withBands } from '../bands.ts';
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
    const marking = { padded, flood, marks, bound, margin };
    // A disk of radius 1 does not hold the diagonal neighbours.
    if (radius >= 2) {
      withBands(padded, 2, (bands, arena) => markSummits(marking, bands, arena));
    } else {
      markAbove(marking);
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

interface Marking {
  readonly padded: PaddedPlane;
  readonly flood: PeakFlood;
  readonly marks: Uint8Array;
  /** Up to here there are no peaks. */
  readonly bound: number;
  readonly margin: number;
}

/** Marks the peaks among the pixels that none of their eight neighbours exceeds by more than the margin. */
function markSummits(
  marking: Marking,
  bands: readonly Band[],
  { kernels, band, list }: BandArena,
): void {
  const { bound, margin } = marking;
  const { values, stride, origin } = marking.padded;
  const [level, places] = [band('not a number'), list()];
  for (const { row, count } of bands) {
    const start = origin + row * stride;
    level.float32.set(values.subarray(start - stride, start + count + stride));
    const from = level.address + 4 * stride;
    const { address } = places;
    const summits = kernels.findSummits(from, stride, count, start, bound, margin, address);
    // At once, while the rows are in the cache.
    for (let i = 0; i < summits; i++) markIfPeak(places.int32[i], marking);
  }
}

/** Marks the peaks among all pixels. */
function markAbove(marking: Marking): void {
  const { values, size, stride, origin } = marking.padded;
  for (let row = 0; row < size.rows; row++) {
    const start = origin + row * stride;
    for (let pixel = start; pixel < start + size.columns; pixel++) {
      if (values[pixel] > marking.bound) markIfPeak(pixel, marking);
    }
  }
}

function markIfPeak(pixel: number, { padded, flood, marks }: Marking): void {
  if (!flood.isPeak(pixel)) return;
  const row = Math.floor((pixel - padded.origin) / padded.stride);
  const column = pixel - padded.origin - row * padded.stride;
  marks[row * padded.size.columns + column] = 1;
}
