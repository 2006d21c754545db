import type { PlaneSize } from '../plane.ts';
import type { Range } from '../planes.ts';
import { bytesOf, doublesOf, rowsOf, withRows, wordsOf } from '../wasm/row-kernels.ts';
import { haveWholeWeights, wholeBlending } from './blend-whole-weights.ts';
import type { Blending, Regions } from './blending.ts';
import { BINS } from './clip-histogram.ts';
import type { RegionGrid } from './contextual-regions.ts';
import { type Span, gatherCorners, regionSpans } from './region-spans.ts';

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
  const across = regionSpans(grid.across, columns);
  const of = { mappings, grid, across, columns };
  const blending = haveWholeWeights(grid) ? wholeBlending(of) : doubleBlending(of);
  const lengths = [2, columns / 4, columns / 2, ...blending.lengths].map(Math.ceil);
  return withRows(rowsOf(lengths), ({ kernels, rowOf }) => {
    const [extent, binRow, levelRow, ...own] = lengths.map((length) => rowOf(length, 'zero'));
    const [lineBins, lineLevels] = [bytesOf(binRow, columns), wordsOf(levelRow, columns)];
    extent.float32[0] = Infinity;
    const lines = { kernels, extent, bins: binRow, levels: levelRow };
    const enter = blending.open(lines, own);
    for (const vertical of regionSpans(grid.down, rows)) {
      const blendLine = enter(vertical);
      for (let y = vertical.from; y < vertical.to; y++) {
        lineBins.set(bins.subarray(y * columns, (y + 1) * columns));
        blendLine(vertical.weights[y - vertical.from]);
        levels.set(lineLevels, y * columns);
      }
    }
    return { least: extent.float32[0], greatest: extent.float32[1] };
  });
}

/** For regions of any size. */
function doubleBlending({ mappings, grid, across, columns }: Regions): Blending {
  const lengths = [4 * columns, ...across.map(() => 4 * BINS)];
  return {
    lengths,
    open: ({ kernels, extent, bins, levels }, [weightRow, ...corners]) => {
      fillWeights(across, doublesOf(weightRow, 2 * columns));
      return (vertical) => {
        for (const [index, horizontal] of across.entries()) {
          const patch = { vertical, horizontal };
          gatherCorners(mappings, grid.across.regions, patch, corners[index].float32);
        }
        return (weight) => {
          for (let index = 0; index < across.length; index++) {
            const { from, to } = across[index];
            kernels.blendLevels(
              bins.address + from,
              corners[index].address,
              weightRow.address + 16 * from,
              1 - weight,
              weight,
              to - from,
              levels.address + 2 * from,
              extent.address,
            );
          }
        };
      };
    },
  };
}

/** The weights of both regions beside each pixel of a row. */
function fillWeights(across: readonly Span[], weights: Float64Array): void {
  for (const { from, weights: some } of across) {
    some.forEach((weight, k) => weights.set([1 - weight, weight], 2 * (from + k)));
  }
}
