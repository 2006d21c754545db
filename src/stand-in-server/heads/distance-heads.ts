import type { PlaneSize } from '../../imaging/plane.ts';
import { distanceInside } from './distance-inside.ts';
import { blurred, foreground, toUnitRange, type ForegroundOptions } from './foreground.ts';

export interface ObjectOptions extends ForegroundOptions {
  /** Depth inside an object, in pixels, at which the inner distance is 1. */
  readonly depth: number;
}

export interface DistanceHeads {
  /** Highest in the middle of each object, 0 outside; larger objects reach beyond 1. */
  readonly inner: Float32Array;
  /** 0 outside, rising to 1 eight pixels inside an object. */
  readonly outer: Float32Array;
}

/** The outer distance saturates here: pixels. */
const OUTER_DEPTH = 8;

/** Nuclei about 10 to 30 pixels across. */
export const NUCLEI: ObjectOptions = { reach: 6, blur: 3, level: 0.8, depth: 5 };
/** Whole cells about 20 to 60 pixels across. */
export const CELLS: ObjectOptions = { reach: 12, blur: 6, level: 0.6, depth: 8 };

/**
 * The two heads that a trained segmentation model would give, by classical means: the distance of each pixel of a
 * bright object to its border.
 */
export function distanceHeads(
  plane: Float32Array,
  size: PlaneSize,
  options: ObjectOptions,
): DistanceHeads {
  const isObject = foreground(toUnitRange(plane), size, options);
  const depth = blurred(distanceInside(isObject, size), size, 1);
  return {
    inner: depth.map((value, at) => (value * isObject[at]) / options.depth),
    outer: depth.map((value, at) => Math.min(1, (value * isObject[at]) / OUTER_DEPTH)),
  };
}
