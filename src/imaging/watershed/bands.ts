import type { PlaneSize } from '../plane.ts';
import { type Row, type RowArena, withRows } from '../wasm/row-kernels.ts';

/** How a plane lies in its array: there is a row above it and one below it. */
export interface Layout {
  readonly size: PlaneSize;
  /** Distance between vertical neighbours; also where pixel (0, 0) stands. At least four, and more than a row holds. */
  readonly stride: number;
}

/** Some rows of a plane. */
export interface Band {
  /** The first of them. */
  readonly row: number;
  readonly rows: number;
  /** Where that stands in the array of the plane. */
  readonly start: number;
  /** Pixels, with those between the rows. */
  readonly count: number;
}

/** Pixels that kernels take at once: few enough for the cache, enough to make up for the call. */
const BAND_PIXELS = 16_384;

/** Pixels behind a band that kernels may read. */
const BEHIND = 16;

/** Gives memory of the kernels for a band of a plane, with a row before it and one behind it. */
export interface BandArena {
  readonly kernels: RowArena['kernels'];
  /** A band filled with a value; what stands behind its last row keeps that. */
  readonly band: (filling: Parameters<RowArena['row']>[0]) => Row;
  /** Room for as many pixels as a band has. */
  readonly list: () => Row;
}

/** Runs `work` with the bands of a plane, from the top down, and memory that holds `atOnce` of them. */
export function withBands<Result>(
  { size, stride }: Layout,
  atOnce: number,
  work: (bands: readonly Band[], arena: BandArena) => Result,
): Result {
  const most = Math.max(1, Math.floor(BAND_PIXELS / stride));
  const bands = Array.from({ length: Math.ceil(size.rows / most) }, (_, index) => {
    const row = index * most;
    const rows = Math.min(most, size.rows - row);
    return { row, rows, start: (row + 1) * stride, count: rows * stride };
  });
  const width = (most + 2) * stride + BEHIND;
  return withRows({ count: atOnce, width }, ({ kernels, row, rowOf }) =>
    work(bands, {
      kernels,
      band: (filling) => row(filling),
      list: () => rowOf(most * stride, 'zero'),
    }),
  );
}
