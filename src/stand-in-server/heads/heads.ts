import type { PlaneSize } from '../../imaging/plane.ts';
import { compartmentHeads } from './compartment-heads.ts';
import { CELLS, NUCLEI, distanceHeads, type ObjectOptions } from './distance-heads.ts';
import { spotHeads } from './spot-heads.ts';

/** The outputs of a model for one row, in the order of their names; each `[row, column, channel]`. */
export type HeadsOfRow = readonly Float32Array[];

/** One row of a batch, `[row, column, channel]`, float32. */
export interface HeadsInput {
  readonly row: Float32Array;
  readonly size: PlaneSize;
}

/** What the built-in models compute from one row: its outputs. Runs on worker threads. */
export const kernels = {
  nuclei: ({ row, size }: HeadsInput) => distances(row, size, NUCLEI),
  cells: ({ row, size }: HeadsInput) => distances(row, size, CELLS),
  compartments({ row, size }: HeadsInput): HeadsOfRow {
    const found = compartmentHeads(channel(row, 0), channel(row, 1), size);
    return [found.cellInner, found.cellPixelwise, found.nuclearInner, found.nuclearPixelwise];
  },
  spots({ row, size }: HeadsInput): HeadsOfRow {
    const { classification, offsets } = spotHeads(row, size);
    return [classification, offsets];
  },
  /** Every image is at the scale of the model. */
  scale: (_input: HeadsInput): HeadsOfRow => [Float32Array.of(1)],
  /** Every image shows nuclei. */
  label: (_input: HeadsInput): HeadsOfRow => [Float32Array.of(1, 0, 0)],
} as const;

export type HeadKernels = typeof kernels;
export type HeadsName = keyof HeadKernels;

function distances(row: Float32Array, size: PlaneSize, options: ObjectOptions): HeadsOfRow {
  const { inner, outer } = distanceHeads(row, size, options);
  return [inner, outer];
}

/** One of two channels. */
function channel(row: Float32Array, index: number): Float32Array {
  return Float32Array.from({ length: row.length / 2 }, (_, at) => row[2 * at + index]);
}
