import type { PlaneSize } from '../../imaging/plane.ts';
import { blurred } from './foreground.ts';

/** The two heads of a model of spots, `[row, column, 2]`. */
export interface SpotHeads {
  /** Certainty of no spot and of a spot. */
  readonly classification: Float32Array;
  /** Rows and columns from the middle of the pixel to the spot. */
  readonly offsets: Float32Array;
}

/** Standard deviations of the noise at which a spot is as likely as not; it is 95 % certain at nineteen times that. */
const HALF_CERTAIN = 0.58;
/** Noise that is assumed at least, so that a flat image shows no spots. */
const LEAST_NOISE = 0.002;
/** A normal distribution's standard deviation as a multiple of its median absolute deviation. */
const DEVIATION_PER_MEDIAN = 1.4826;

/**
 * Small bright spots, by a difference of Gaussians: certain where it stands out of its own noise by about
 * eleven standard deviations. The offset is that of the top of a parabola through the neighbours.
 *
 * @param plane intensities from 0 to 1
 */
export function spotHeads(plane: Float32Array, size: PlaneSize): SpotHeads {
  const wide = blurred(plane, size, 3);
  const response = blurred(plane, size, 1).map((value, at) => value - wide[at]);
  const noise = Math.max(LEAST_NOISE, DEVIATION_PER_MEDIAN * median(response.map(Math.abs)));
  const classification = new Float32Array(plane.length * 2);
  const offsets = new Float32Array(plane.length * 2);
  for (let at = 0; at < plane.length; at++) {
    const excess = Math.max(0, response[at] / noise);
    const certainty = excess / (excess + HALF_CERTAIN);
    classification[2 * at] = 1 - certainty;
    classification[2 * at + 1] = certainty;
    offsets[2 * at] = shift(response, at, size.columns);
    offsets[2 * at + 1] = shift(response, at, 1);
  }
  return { classification, offsets };
}

/** Where a parabola through a value and its two neighbours has its top, at most half a pixel away; 0 without one. */
function shift(values: Float32Array, at: number, step: number): number {
  const [before, here, after] = [values[at - step], values[at], values[at + step]];
  if (before === undefined || after === undefined) return 0;
  const curvature = 2 * here - before - after;
  if (curvature <= 0) return 0;
  return Math.max(-0.5, Math.min(0.5, (after - before) / (2 * curvature)));
}

function median(values: Float32Array): number {
  const sorted = values.toSorted();
  return sorted[sorted.length >> 1];
}
