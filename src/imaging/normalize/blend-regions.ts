import type { PlaneSize } from '../plane.ts';
import type { Range } from '../planes.ts';
import { bytesOf, doublesOf, rowsOf, withRows, wordsOf } from '../row-kernels.ts';
import { BINS } from './clip-histogram.ts';
import type { RegionAxis, RegionGrid } from './contextual-regions.ts';

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

/**
 * The grey level of each pixel, blended from those that the four regions around it give its bin: products in
 * double, sums in float32, in a fixed order. Returns the range of the levels before their fractions were cut
 * off.
 */
export function blendRegions(
  bins: Uint8Array,
  mappings: Float32Array,
  { grid, size }: { readonly grid: RegionGrid; readonly size: PlaneSize },
  levels: Uint16Array,
): Range {
  const { rows, columns } = size;
  const [down, across] = [spans(grid.down, rows), spans(grid.across, columns)];
  const lengths = [2, columns / 4, columns / 2, 4 * columns, ...across.map(() => 4 * BINS)];
  return withRows(rowsOf(lengths), ({ kernels, rowOf }) => {
    const [extent, binRow, levelRow, weightRow, ...corners] = lengths.map((length) =>
      rowOf(Math.ceil(length), 'zero'),
    );
    const [lineBins, lineLevels] = [bytesOf(binRow, columns), wordsOf(levelRow, columns)];
    extent.float32[0] = Infinity;
    fillWeights(across, doublesOf(weightRow, 2 * columns));
    for (const vertical of down) {
      for (const [index, horizontal] of across.entries()) {
        const patch = { vertical, horizontal };
        gatherCorners(mappings, grid.across.regions, patch, corners[index].float32);
      }
      for (let y = vertical.from; y < vertical.to; y++) {
        const weight = vertical.weights[y - vertical.from];
        lineBins.set(bins.subarray(y * columns, (y + 1) * columns));
        for (let index = 0; index < across.length; index++) {
          const { from, to } = across[index];
          kernels.blendLevels(
            binRow.address + from,
            corners[index].address,
            weightRow.address + 16 * from,
            1 - weight,
            weight,
            to - from,
            levelRow.address + 2 * from,
            extent.address,
          );
        }
        levels.set(lineLevels, y * columns);
      }
    }
    return { least: extent.float32[0], greatest: extent.float32[1] };
  });
}

function spans({ length, regions }: RegionAxis, pixels: number): Span[] {
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

/** The weights of both regions beside each pixel of a row. */
function fillWeights(across: readonly Span[], weights: Float64Array): void {
  for (const { from, weights: some } of across) {
    some.forEach((weight, k) => weights.set([1 - weight, weight], 2 * (from + k)));
  }
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
