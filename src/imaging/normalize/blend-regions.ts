import type { PlaneSize } from '../plane.ts';
import type { Range } from '../planes.ts';
import {
  type Row,
  type RowArena,
  bytesOf,
  doublesOf,
  rowsOf,
  withRows,
  wordsOf,
} from '../wasm/row-kernels.ts';
import { haveWholeWeights, wholeBlending } from './blend-whole-weights.ts';
import type { Blending, Lines, Regions } from './blending.ts';
import { BINS } from './clip-histogram.ts';
import type { RegionGrid } from './contextual-regions.ts';
import { type Span, gatherRow, regionSpans } from './region-spans.ts';

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
  const { columns } = size;
  const across = regionSpans(grid.across, columns);
  const of = { mappings, grid, across, columns };
  const blending = haveWholeWeights(grid) ? wholeBlending(of) : doubleBlending(of);
  const lengths = [2, columns / 4, columns / 2, ...blending.lengths].map(Math.ceil);
  const down = regionSpans(grid.down, size.rows);
  return withRows(rowsOf(lengths), (arena) =>
    blendLines(arena, lengths, { bins, columns, down, blending }, levels),
  );
}

interface Blended {
  readonly bins: Uint8Array;
  readonly columns: number;
  readonly down: readonly Span[];
  readonly blending: Blending;
}

/** Blends line by line, through rows of these lengths. Returns the range of the levels. */
function blendLines(
  { kernels, rowOf }: RowArena,
  lengths: readonly number[],
  { bins, columns, down, blending }: Blended,
  levels: Uint16Array,
): Range {
  const [extent, binRow, levelRow, ...own] = lengths.map((length) => rowOf(length, 'zero'));
  const [lineBins, lineLevels] = [bytesOf(binRow, columns), wordsOf(levelRow, columns)];
  extent.float32[0] = Infinity;
  const open = blending.open({ kernels, extent, bins: binRow, levels: levelRow }, own);
  for (const vertical of down) {
    open.enter(vertical);
    for (let y = vertical.from; y < vertical.to; y++) {
      lineBins.set(bins.subarray(y * columns, (y + 1) * columns));
      open.blendLine(vertical.weights[y - vertical.from]);
      levels.set(lineLevels, y * columns);
    }
  }
  return { least: extent.float32[0], greatest: extent.float32[1] };
}

/** For regions of any size. */
function doubleBlending(regions: Regions): Blending {
  const { across, columns } = regions;
  return {
    lengths: [4 * columns, ...across.map(() => 4 * BINS)],
    open: (lines, [weights, ...corners]) => {
      fillWeights(across, doublesOf(weights, 2 * columns));
      const tables = corners.map(({ float32 }) => float32);
      const patches = { across, weights, corners };
      return {
        enter: (vertical) => gatherRow(regions, vertical, tables),
        blendLine: (weight) => blendPatches(lines, patches, weight),
      };
    },
  };
}

/** The patches of a row of them. */
interface Patches {
  readonly across: readonly Span[];
  /** The weights of both regions beside each pixel. */
  readonly weights: Row;
  /** The mappings around each patch. */
  readonly corners: readonly Row[];
}

/** Blends a line, patch by patch. */
function blendPatches(lines: Lines, { across, weights, corners }: Patches, weight: number): void {
  const { kernels, extent, bins, levels } = lines;
  for (let index = 0; index < across.length; index++) {
    const { from, to } = across[index];
    kernels.blendLevels(
      bins.address + from,
      corners[index].address,
      weights.address + 16 * from,
      1 - weight,
      weight,
      to - from,
      levels.address + 2 * from,
      extent.address,
    );
  }
}

/** The weights of both regions beside each pixel of a row. */
function fillWeights(across: readonly Span[], weights: Float64Array): void {
  for (const { from, weights: shares } of across) {
    for (let k = 0; k < shares.length; k++) {
      weights[2 * (from + k)] = 1 - shares[k];
      weights[2 * (from + k) + 1] = shares[k];
    }
  }
}
