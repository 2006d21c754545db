import { BINS } from './clip-histogram.ts';
import { type RegionAxis, regionAxis, regionMappings } from './contextual-regions.ts';
import { greyBins, stretchLevels } from './grey-levels.ts';
import type { ChannelPlane, Range } from '../planes.ts';
import { withScratch } from '../scratch.ts';

/*
 * Contrast limited adaptive histogram equalisation: K. Zuiderveld, "Contrast Limited Adaptive
 * Histogram Equalization", Graphics Gems IV (1994), with the grey levels, the clipping and the
 * rounding of scikit-image's `equalize_adapthist`.
 */

interface Equalisation {
  /** What is stretched to the grey levels; greater values count as the greatest. */
  readonly range: Range;
  /** Rows and columns of a contextual region; null: an eighth of the plane's. */
  readonly kernelSize: number | null;
}

/** Writes a plane with its contrast evened out region by region: float32, range exactly 0 to 1. */
export function equalisePlane(from: ChannelPlane, to: ChannelPlane, how: Equalisation): void {
  const { rows, columns } = from;
  withScratch((scratch) => {
    const bins = scratch.bytes(rows * columns);
    greyBins(from, how.range, bins);
    const down = regionAxis(rows, how.kernelSize);
    const across = regionAxis(columns, how.kernelSize);
    const mappings = regionMappings(bins, from, { down, across });
    const corners = scratch.float32(4 * BINS);
    const levels = scratch.uint16(rows * columns);
    let least = Infinity;
    let greatest = 0;
    for (const vertical of spans(down, rows)) {
      for (const horizontal of spans(across, columns)) {
        gatherCorners(mappings, across.regions, { vertical, horizontal }, corners);
        const patch = blendPatch(bins, corners, { vertical, horizontal, columns }, levels);
        least = Math.min(least, patch.least);
        greatest = Math.max(greatest, patch.greatest);
      }
    }
    stretchLevels(levels, { least, greatest }, to);
  });
}

/** The pixels between the centres of two neighbouring regions, along one axis. */
interface Span {
  readonly from: number;
  readonly to: number;
  /** The two regions; the same one twice at the border. */
  readonly before: number;
  readonly after: number;
  /** How much `after` weighs at each pixel; `before` weighs the rest. */
  readonly weights: Float64Array;
}

function spans({ length, regions }: RegionAxis, pixels: number): Span[] {
  const half = length >> 1;
  const clamp = (region: number): number => Math.min(Math.max(region, 0), regions - 1);
  return Array.from({ length: regions + 1 }, (_, index) => {
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
}

interface Patch {
  readonly vertical: Span;
  readonly horizontal: Span;
}

/** Puts the mappings of the four regions around a patch side by side: `[bin, corner]`. */
function gatherCorners(
  mappings: Float32Array,
  regions: number,
  { vertical, horizontal }: Patch,
  corners: Float32Array,
): void {
  const rows = [vertical.before, vertical.after];
  const columns = [horizontal.before, horizontal.after];
  const around = rows.flatMap((row) => columns.map((column) => (row * regions + column) * BINS));
  around.forEach((start, corner) => {
    for (let bin = 0; bin < BINS; bin++) corners[4 * bin + corner] = mappings[start + bin];
  });
}

/**
 * The grey level of each pixel of a patch, blended from four mappings: products in double, sums in
 * float32, in this order. Returns the range of the levels before their fractions were cut off.
 */
function blendPatch(
  bins: Uint8Array,
  corners: Float32Array,
  { vertical, horizontal, columns }: Patch & { readonly columns: number },
  levels: Uint16Array,
): Range {
  const fround = Math.fround;
  const { from, weights } = horizontal;
  let least = Infinity;
  let greatest = 0;
  for (let y = vertical.from; y < vertical.to; y++) {
    const wy = vertical.weights[y - vertical.from];
    const iy = 1 - wy;
    for (let k = 0, pixel = y * columns + from; k < weights.length; k++, pixel++) {
      const wx = weights[k];
      const ix = 1 - wx;
      const corner = 4 * bins[pixel];
      let level = fround(corners[corner] * (ix * iy));
      level = fround(level + fround(corners[corner + 1] * (wx * iy)));
      level = fround(level + fround(corners[corner + 2] * (ix * wy)));
      level = fround(level + fround(corners[corner + 3] * (wx * wy)));
      levels[pixel] = level;
      if (level < least) least = level;
      if (level > greatest) greatest = level;
    }
  }
  return { least, greatest };
}
