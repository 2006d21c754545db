import type { ChannelPlane } from '../planes.ts';
import { percentiles, percentilesOf } from './percentile.ts';
import { type WholeValues, rankedAboveZero } from './whole-values.ts';

/**
 * The float32 value at a percentile of what is not 0; infinite if all is 0. Read from the counts of a plane of whole
 * numbers, where there are any.
 */
export function brightLimit(plane: ChannelPlane, percentile: number, whole?: WholeValues): number {
  const [limit = Infinity] = whole
    ? percentilesOf(rankedAboveZero(whole), [percentile])
    : percentiles(plane, [percentile], 'other than 0');
  return Math.fround(limit);
}
