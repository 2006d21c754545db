import { IntegerList } from '../integer-list.ts';
import { argsortLikeNumpy } from '../numpy-argsort.ts';
import type { PlaneSize } from '../plane.ts';
import { withScratch } from '../scratch.ts';

export interface LocalMaximaOptions {
  /**
   * Half the side of the square in which a maximum is the greatest, and the least distance (Chebyshev)
   * between two maxima.
   */
  readonly minimumDistance: number;
  /** A maximum is greater than this. Compared in float32. */
  readonly threshold: number;
  /** Maxima nearer to the border than this many pixels are left out. */
  readonly border: number;
}

/**
 * Indices of the local maxima of a plane, greatest first: `skimage.feature.peak_local_max` of version 0.19.
 * What lies outside the plane counts as 0. Nothing is found if every pixel is the greatest of its
 * surroundings; NaN never is.
 */
export function localMaxima(
  plane: Float32Array,
  size: PlaneSize,
  options: LocalMaximaOptions,
): Int32Array {
  const candidates = findCandidates(plane, size, options);
  if (candidates.length === 0 || isFlat(plane, size, options.minimumDistance))
    return new Int32Array(0);
  const order = argsortLikeNumpy(Float32Array.from(candidates, (pixel) => -plane[pixel]));
  const sorted = order.map((index) => candidates[index]);
  return keepApart(sorted, size, options.minimumDistance);
}

function findCandidates(
  plane: Float32Array,
  size: PlaneSize,
  { minimumDistance, threshold, border }: LocalMaximaOptions,
): Int32Array {
  const bound = Math.fround(threshold);
  const found = new IntegerList();
  for (let row = border; row < size.rows - border; row++) {
    const end = (row + 1) * size.columns - border;
    for (let pixel = row * size.columns + border; pixel < end; pixel++) {
      if (plane[pixel] > bound && isGreatest(plane, size, pixel, minimumDistance))
        found.push(pixel);
    }
  }
  return found.items().slice();
}

/** Whether a pixel is the greatest in the square around it. */
function isGreatest(
  plane: Float32Array,
  { rows, columns }: PlaneSize,
  pixel: number,
  reach: number,
): boolean {
  const value = plane[pixel];
  const row = Math.floor(pixel / columns);
  const column = pixel - row * columns;
  const top = Math.max(row - reach, 0);
  const bottom = Math.min(row + reach, rows - 1);
  const left = Math.max(column - reach, 0);
  const right = Math.min(column + reach, columns - 1);
  const isWhole = bottom - top === 2 * reach && right - left === 2 * reach;
  if (!(isWhole || value >= 0)) return false;
  for (let y = top; y <= bottom; y++) {
    for (let other = y * columns + left; other <= y * columns + right; other++) {
      if (plane[other] > value) return false;
    }
  }
  return true;
}

function isFlat(plane: Float32Array, size: PlaneSize, reach: number): boolean {
  return plane.every(
    (value, pixel) => !Number.isNaN(value) && isGreatest(plane, size, pixel, reach),
  );
}

/** Drops every pixel that is nearer than `distance` to one before it in the list. */
function keepApart(pixels: Int32Array, size: PlaneSize, distance: number): Int32Array {
  if (distance <= 1) return pixels;
  return withScratch((scratch) => {
    const isTaken = scratch.bytes(size.rows * size.columns).fill(0);
    return keepFree(pixels, size, distance - 1, isTaken);
  });
}

/** The pixels that are not taken by one before them: each takes all that are within its reach. */
function keepFree(
  pixels: Int32Array,
  { rows, columns }: PlaneSize,
  reach: number,
  isTaken: Uint8Array,
): Int32Array {
  const free = new Int32Array(pixels.length);
  let kept = 0;
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i];
    if (isTaken[pixel] === 1) continue;
    free[kept++] = pixel;
    const row = Math.floor(pixel / columns);
    const column = pixel - row * columns;
    const left = Math.max(column - reach, 0);
    const right = Math.min(column + reach, columns - 1);
    for (let y = Math.max(row - reach, 0); y <= Math.min(row + reach, rows - 1); y++) {
      isTaken.fill(1, y * columns + left, y * columns + right + 1);
    }
  }
  return free.slice(0, kept);
}
