import { smoothPlane } from '../../imaging/watershed/gaussian.ts';
import type { PlaneSize } from '../../imaging/plane.ts';
import { Histogram } from './histogram.ts';
import { slidingMaximum } from './sliding-maximum.ts';

/** What is taken for an object. Lengths are pixels. */
export interface ForegroundOptions {
  /** How far around a pixel the brightest one is looked for. */
  readonly reach: number;
  /** Smoothing of these local maxima. */
  readonly blur: number;
  /** Where an object ends: the share of the way from the background to the local maximum. */
  readonly level: number;
}

/** Contrast, on the square root of the intensity, below which nothing is an object. */
const LEAST_CONTRAST = 0.12;
/** Standard deviations of the background that an object must stand out. */
const NOISE_FACTOR = 5;

/**
 * 1 for pixels of bright objects, 0 for the background. A pixel belongs to an object if it is brighter than Otsu's
 * threshold and bright for its surroundings, so that dim and bright neighbours are separated.
 *
 * @param plane intensities from 0 to 1
 */
export function foreground(
  plane: Float32Array,
  size: PlaneSize,
  { reach, blur, level }: ForegroundOptions,
): Uint8Array {
  // The noise of counted photons grows with the square root of their number.
  const even = plane.map(Math.sqrt);
  const smooth = blurred(even, size, 1);
  const highest = blurred(slidingMaximum(blurred(even, size, 1.5), size, reach), size, blur);
  // Zeros are not of the image: tiles at its border are padded with them.
  const histogram = new Histogram(smooth.filter((_, at) => plane[at] > 0));
  const background = histogram.quantile(0.2);
  const deviation = (background - histogram.quantile(0.05)) / 0.8;
  const threshold = Math.max(
    histogram.otsu(),
    background + Math.max(LEAST_CONTRAST, NOISE_FACTOR * deviation),
  );
  return Uint8Array.from(smooth, (value, at) =>
    value > threshold && value > background + level * (highest[at] - background) ? 1 : 0,
  );
}

/** A plane smoothed by a Gaussian, mirrored at its borders. */
export function blurred(plane: Float32Array, size: PlaneSize, sigma: number): Float32Array {
  const output = new Float32Array(plane.length);
  smoothPlane(plane, size, { sigma: [sigma, sigma], outside: 'mirror' }, output);
  return output;
}

/** Intensities brought to 0..1 by their least and greatest, unless they lie there already. */
export function toUnitRange(plane: Float32Array): Float32Array {
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of plane) {
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  if (least >= 0 && greatest <= 1) return plane;
  const range = greatest - least;
  return plane.map((value) => (range > 0 ? (value - least) / range : 0));
}
