import { BINS } from './clip-histogram.ts';
import type { RegionAxis } from './contextual-regions.ts';

/** The pixels between the centres of two neighbouring regions, along one axis. */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** The two regions; the same one twice at the border. */
  readonly before: number;
  readonly after: number;
  /** How much `after` weighs at each pixel; `before` weighs the rest. */
  readonly weights: Float64Array;
}

/** The spans along an axis that is `pixels` long, in order. */
export function regionSpans({ length, regions }: RegionAxis, pixels: number): Span[] {
  const half = length >> 1;
  const clamp = (region: number): number => Math.min(Math.max(region, 0), regions - 1);
  const all = Array.from({ length: regions + 1 }, (_, index) => {
    const centre = index * length - half;
    const from = Math.max(centre, 0);
    const to = Math.min(centre + length, pixels);
    return {
      from,
      to,
      before: clamp(index - 1),
      after: clamp(index),
      weights: Float64Array.from(
        { length: Math.max(to - from, 0) },
        (__, k) => (from + k - centre) / length,
      ),
    };
  });
  return all.filter(({ from, to }) => from < to);
}

interface Patch {
  readonly vertical: Span;
  readonly horizontal: Span;
}

/** Puts the mappings of the four regions around a patch side by side: `[bin, corner]`. */
export function gatherCorners(
  mappings: Float32Array,
  regions: number,
  { vertical, horizontal }: Patch,
  corners: Float32Array | Uint16Array,
): void {
  const upper = vertical.before * regions;
  const lower = vertical.after * regions;
  const { before, after } = horizontal;
  const starts = [upper + before, upper + after, lower + before, lower + after];
  for (const [corner, region] of starts.entries()) {
    const start = region * BINS;
    for (let bin = 0; bin < BINS; bin++) corners[4 * bin + corner] = mappings[start + bin];
  }
}
