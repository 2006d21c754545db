import type { TiledAxis } from './tiling.ts';

/** The weights of a tile along an axis: 1, with a taper wherever it has a neighbour. */
export function taper(
  { tile, stride, count }: TiledAxis,
  index: number,
  power?: number,
): Float64Array {
  const weights = new Float64Array(tile).fill(1);
  const ramp = overlapTaper(tile - stride, power);
  for (let k = 0; k < ramp.length; k++) {
    if (index > 0) weights[k] = ramp[k];
    if (index < count - 1) weights[tile - 1 - k] = ramp[k];
  }
  return weights;
}

/** A rising spline over the samples of an overlap, of the second order or another; its last value is 1. */
export function overlapTaper(overlap: number, power = 2): Float64Array {
  const length = 2 * overlap;
  const ramp = new Float64Array(overlap);
  for (let index = 0; index < overlap; index++) {
    const u = (2 * index + 1) / length;
    ramp[index] =
      index + 1 <= Math.trunc(length / 4)
        ? (2 * u) ** power / 2
        : 1 - Math.abs(2 * (u - 1)) ** power / 2;
  }
  const greatest = ramp[overlap - 1] ?? 1;
  for (let index = 0; index < overlap; index++) ramp[index] /= greatest;
  return ramp;
}
