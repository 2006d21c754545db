import { type Row, wordsOf } from '../wasm/row-kernels.ts';
import type { Blending, Lines, Regions } from './blending.ts';
import { BINS } from './clip-histogram.ts';
import type { RegionGrid } from './contextual-regions.ts';
import { type Span, gatherRow } from './region-spans.ts';

/** Pixels of a region for which products of two weights, as whole numbers, fit into 16 bits. */
const MOST_PIXELS = 2 ** 15;

/** Whether all weights are whole shares of a power of two. */
export function haveWholeWeights({ down, across }: RegionGrid): boolean {
  const isSmall = down.length * across.length <= MOST_PIXELS;
  return isSmall && isPowerOfTwo(down.length) && isPowerOfTwo(across.length);
}

function isPowerOfTwo(length: number): boolean {
  return (length & (length - 1)) === 0;
}

/**
 * Counts in the smallest share: products of two weights and a level have at most 29 bits then, so that
 * rounding them to float32 gives what rounding products in double precision does.
 */
export function wholeBlending(regions: Regions): Blending {
  const { grid, across, columns } = regions;
  const count = across.length;
  return {
    lengths: [2 * count, columns + 3 * count, ...across.map(() => 2 * BINS)],
    open: (lines, [spans, weights, ...corners]) => {
      fillWeights(across, grid.across.length, wordsOf(weights, 2 * weights.int32.length));
      spans.int32.set(across.flatMap(({ from, to }, at) => [to - from, corners[at].address]));
      const tables = corners.map((row) => wordsOf(row, 4 * BINS));
      const patches = { grid, count, spans, weights };
      return {
        enter: (vertical) => gatherRow(regions, vertical, tables),
        blendLine: (weight) => blendWhole(lines, patches, weight),
      };
    },
  };
}

/** The patches of a row of them, as `blendWholeLevels` takes them. */
interface WholePatches {
  readonly grid: RegionGrid;
  readonly count: number;
  readonly spans: Row;
  readonly weights: Row;
}

/** Blends a line. */
function blendWhole(lines: Lines, patches: WholePatches, weight: number): void {
  const { kernels, extent, bins, levels } = lines;
  const { grid, count, spans, weights } = patches;
  const { down, across } = grid;
  const lower = weight * down.length;
  kernels.blendWholeLevels(
    bins.address,
    spans.address,
    count,
    weights.address,
    down.length - lower,
    lower,
    1 / (down.length * across.length),
    levels.address,
    extent.address,
  );
}

/** The weights of both regions beside each pixel of a row, as `blendWholeLevels` takes them. */
function fillWeights(across: readonly Span[], length: number, weights: Uint16Array): void {
  let next = 0;
  for (const { weights: shares } of across) {
    for (let k = 0; k < shares.length; k += 4, next += 8) {
      for (let lane = 0; lane < 4; lane++) {
        const after = shares[Math.min(k + lane, shares.length - 1)] * length;
        weights[next + lane] = length - after;
        weights[next + 4 + lane] = after;
      }
    }
  }
}
