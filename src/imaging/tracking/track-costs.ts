import type { NdArray } from '../array.ts';

export interface TrackCostOptions {
  /** Cost of a track that ends, next to 1 for one that goes on with a cell it does not resemble at all. */
  readonly death: number;
  /** Cost of a cell that belongs to no track. */
  readonly birth: number;
}

/**
 * The costs of giving n tracks m cells, with room for every track to end and every cell to begin a new one: float32 `[n + m, n + m]`,
 * tracks before births, cells before deaths. Jaqaman et al., "Robust single-particle tracking in live-cell time-lapse sequences", Nature
 * Methods 5 (2008).
 *
 * @param unlikeness `[track, cell]`, 0 for the same cell.
 */
export function trackCosts(
  unlikeness: NdArray<Float64Array>,
  { death, birth }: TrackCostOptions,
): NdArray<Float32Array> {
  const [tracks = 0, cells = 0] = unlikeness.shape;
  const size = tracks + cells;
  const data = new Float32Array(size * size).fill(1);
  for (let track = 0; track < tracks; track++) {
    for (let cell = 0; cell < cells; cell++) {
      const cost = unlikeness.data[track * cells + cell];
      data[track * size + cell] = cost;
      data[(tracks + cell) * size + cells + track] = cost;
    }
    data[track * size + cells + track] = death + 1 - 1;
  }
  for (let cell = 0; cell < cells; cell++) data[(tracks + cell) * size + cell] = birth + 1 - 1;
  return { shape: [size, size], data };
}
