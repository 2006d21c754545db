import { wordsOf } from '../wasm/row-kernels.ts';
import type { Blending, Regions } from './blending.ts';
import { BINS } from './clip-histogram.ts';
import type { RegionGrid } from './contextual-regions.ts';
import { type Span, gatherCorners } from './region-spans.ts';

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
export function wholeBlending({ mappings, grid, across, columns }: Regions): Blending {
  const { down, across: sides } = grid;
  const scale = 1 / (down.length * sides.length);
  const count = across.length;
  return {
    lengths: [2 * count, columns + 3 * count, ...across.map(() => 2 * BINS)],
    open: ({ kernels, extent, bins, levels }, [spanRow, weightRow, ...corners]) => {
      fillWeights(across, sides.length, wordsOf(weightRow, 2 * weightRow.int32.length));
      spanRow.int32.set(across.flatMap(({ from, to }, at) => [to - from, corners[at].address]));
      const entries = corners.map((row) => wordsOf(row, 4 * BINS));
      return (vertical) => {
        for (const [index, horizontal] of across.entries()) {
          gatherCorners(mappings, sides.regions, { vertical, horizontal }, entries[index]);
        }
        return (weight) => {
          const lower = weight * down.length;
          kernels.blendWholeLevels(
            bins.address,
            spanRow.address,
            count,
            weightRow.address,
            down.length - lower,
            lower,
            scale,
            levels.address,
            extent.address,
          );
        };
      };
    },
  };
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
