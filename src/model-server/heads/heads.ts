import type { PlaneSize } from '../../imaging/plane.ts';
import { compartmentHeads } from './compartment-heads.ts';
import { CELLS, NUCLEI, distanceHeads, type ObjectOptions } from './distance-heads.ts';
import { spotHeads } from './spot-heads.ts';

/** The outputs of a model for one row, in the order of their names; each `[row, column, channel]`. */
export type HeadsOfRow = readonly Float32Array[];

/** What the built-in models compute: from one row `[row, column, channel]`, float32, to its outputs. */
export const heads = {
  nuclei: (row: Float32Array, size: PlaneSize) => distances(row, size, NUCLEI),
  cells: (row: Float32Array, size: PlaneSize) => distances(row, size, CELLS),
  compartments(row: Float32Array, size: PlaneSize): HeadsOfRow {
    const found = compartmentHeads(channel(row, 0), channel(row, 1), size);
    return [found.cellInner, found.cellPixelwise, found.nuclearInner, found.nuclearPixelwise];
  },
  spots(row: Float32Array, size: PlaneSize): HeadsOfRow {
    const { classification, offsets } = spotHeads(row, size);
    return [classification, offsets];
  },
  /** Every image is at the scale of the model. */
  scale: (): HeadsOfRow => [Float32Array.of(1)],
  /** Every image shows nuclei. */
  label: (): HeadsOfRow => [Float32Array.of(1, 0, 0)],
} as const;

export type HeadsName = keyof typeof heads;

function distances(row: Float32Array, size: PlaneSize, options: ObjectOptions): HeadsOfRow {
  const { inner, outer } = distanceHeads(row, size, options);
  return [inner, outer];
}

/** One of two channels. */
function channel(row: Float32Array, index: number): Float32Array {
  return Float32Array.from({ length: row.length / 2 }, (_, at) => row[2 * at + index]);
}
