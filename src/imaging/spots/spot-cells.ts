import { KnownError } from '../../errors.ts';
import type { NdArray } from '../array.ts';
import type { Points } from './spots.ts';

export interface SpotCellsInput {
  readonly points: Points;
  /** Label images `[row, column, channel]`. */
  readonly labels: NdArray;
}

/** A spot and the cells in which it lies, one for each channel of the label image; 0 is none. */
export interface SpotRow {
  readonly x: number;
  readonly y: number;
  readonly cells: readonly number[];
}

/**
 * Finds the cells of spots: the labels of the pixel that holds the point, by truncation towards zero. A point
 * that lies one pixel or more before the first row or column is looked up from the other end, as numpy does.
 * Throws `wrong_dimensions` for a point beyond that.
 */
export function locateSpots({ points, labels }: SpotCellsInput): SpotRow[] {
  const [rows = 0, columns = 0, channels = 1] = labels.shape;
  return Array.from({ length: points.shape[0] ?? 0 }, (_, index) => {
    const [y = 0, x = 0] = points.data.subarray(2 * index, 2 * index + 2);
    const row = indexWithin(y, rows);
    const column = indexWithin(x, columns);
    if (row === undefined || column === undefined) {
      throw new KnownError(
        'wrong_dimensions',
        `A spot at row ${y}, column ${x} lies outside the label image of ${rows} × ${columns} pixels.`,
      );
    }
    const first = (row * columns + column) * channels;
    return { x, y, cells: Array.from(labels.data.subarray(first, first + channels)) };
  });
}

function indexWithin(coordinate: number, length: number): number | undefined {
  const index = Math.trunc(coordinate);
  const wrapped = index < 0 ? index + length : index;
  return wrapped >= 0 && wrapped < length ? wrapped : undefined;
}
