import type { PlaneSize } from '../../imaging/plane.ts';
import { distanceInside } from './distance-inside.ts';
import { NUCLEI } from './distance-heads.ts';
import { blurred, foreground, toUnitRange, type ForegroundOptions } from './foreground.ts';

/**
 * The four heads of a model of whole cells and their nuclei. Pixelwise heads: `[row, column, (edge, interior,
 * background)]`.
 */
export interface CompartmentHeads {
  readonly cellInner: Float32Array;
  readonly cellPixelwise: Float32Array;
  readonly nuclearInner: Float32Array;
  readonly nuclearPixelwise: Float32Array;
}

/** A cell reaches at most so far beyond its nucleus: pixels. */
const CYTOPLASM = 20;
/** What counts as cell in the two channels together. */
const CELL: ForegroundOptions = { reach: 15, blur: 6, level: 0.4 };
/** Depth in pixels at which the inner distance is 1, and at which the interior is certain. */
const INNER_DEPTH = 10;
const INTERIOR_DEPTH = 2;

/**
 * Cells around nuclei, by classical means. Both inner distances peak in the nuclei, so that each cell has one nucleus;
 * the interior of a cell falls off with the distance from its nucleus, so that neighbours meet half-way.
 *
 * @param nuclei intensities of the nuclear channel
 * @param membranes intensities of the membrane or cytoplasm channel; may be empty
 */
export function compartmentHeads(
  nuclei: Float32Array,
  membranes: Float32Array,
  size: PlaneSize,
): CompartmentHeads {
  const nuclear = toUnitRange(nuclei);
  const isNucleus = foreground(nuclear, size, NUCLEI);
  const depth = distanceInside(isNucleus, size);
  const toNucleus = distanceInside(
    isNucleus.map((set) => 1 - set),
    size,
  );
  const isCell = cells(nuclear, toUnitRange(membranes), size);
  const inner = blurred(depth, size, 2).map((value, at) => (value * isNucleus[at]) / INNER_DEPTH);
  return {
    cellInner: inner,
    cellPixelwise: pixelwise(
      toNucleus.map((distance, at) => {
        if (distance === 0) return 1;
        return isCell[at] === 1 && distance < CYTOPLASM ? 1 - distance / (2 * CYTOPLASM) : 0;
      }),
    ),
    nuclearInner: inner,
    nuclearPixelwise: pixelwise(depth.map((value) => Math.min(1, value / INTERIOR_DEPTH))),
  };
}

function cells(nuclear: Float32Array, membranes: Float32Array, size: PlaneSize): Uint8Array {
  const either = nuclear.map((value, at) => Math.max(value, membranes[at]));
  return foreground(either, size, CELL);
}

/** Shares of edge, interior and background that sum to 1. */
function pixelwise(interior: Float32Array): Float32Array {
  const shares = new Float32Array(interior.length * 3);
  interior.forEach((value, at) => {
    shares[3 * at] = value > 0 ? 1 - value : 0;
    shares[3 * at + 1] = value;
    shares[3 * at + 2] = value > 0 ? 0 : 1;
  });
  return shares;
}
