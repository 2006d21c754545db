import { BINS } from './clip-histogram.ts';
import type { RegionAxis, RegionGrid } from './contextual-regions.ts';

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
  const spans: Span[] = [];
  for (let index = 0; index <= regions; index++) {
    const centre = index * length - (length >> 1);
    const from = Math.max(centre, 0);
    const to = Math.min(centre + length, pixels);
    if (from >= to) continue;
    const weights = new Float64Array(to - from);
    for (let k = 0; k < weights.length; k++) weights[k] = (from + k - centre) / length;
    const [before, after] = [Math.max(index - 1, 0), Math.min(index, regions - 1)];
    spans.push({ from, to, before, after, weights });
  }
  return spans;
}

interface PatchRow {
  /** `[row of regions, column of regions, bin]`. */
  readonly mappings: Float32Array;
  readonly grid: RegionGrid;
  readonly across: readonly Span[];
}

/** For each patch of a row, puts the mappings of the four regions around it side by side: `[bin, corner]`. */
export function gatherRow(
  { mappings, grid, across }: PatchRow,
  vertical: Span,
  corners: readonly (Float32Array | Uint16Array)[],
): void {
  for (let index = 0; index < across.length; index++) {
    const patch = { vertical, horizontal: across[index] };
    gatherCorners(mappings, grid.across.regions, patch, corners[index]);
  }
}

interface Patch {
  readonly vertical: Span;
  readonly horizontal: Span;
}

function gatherCorners(
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
