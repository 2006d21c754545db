import type { NdArray } from '../imaging/array.ts';
import { type SpotRow, locateSpots } from '../imaging/spots/spot-cells.ts';
import type { Points } from '../imaging/spots/spots.ts';
import { writeCsv } from './csv.ts';
import { pythonFloat } from './python-float.ts';

export interface SpotTableInput {
  readonly points: Points;
  /** Label images `[row, column, channel]`; absent where there are no cells to assign spots to. */
  readonly labels?: NdArray;
}

/**
 * The spots of an image as CSV, byte for byte as the reference writes them: `x,y` and, for each channel of
 * the label image, the cell in which the spot lies, 0 for none. Throws `wrong_dimensions` for a spot outside
 * of the label image.
 */
export function spotTable({ points, labels }: SpotTableInput): Uint8Array {
  const channels = labels?.shape[2] ?? 0;
  const cells = Array.from({ length: channels }, (_, channel) => `cellID${channel}`);
  const spots = labels === undefined ? placesOf(points) : locateSpots({ points, labels });
  const rows = spots.map(({ x, y, cells: ids }) => [pythonFloat(x), pythonFloat(y), ...ids]);
  return writeCsv(['x', 'y', ...cells], rows);
}

function placesOf({ shape: [count = 0], data }: Points): SpotRow[] {
  return Array.from({ length: count }, (_, spot) => {
    const [y = NaN, x = NaN] = data.subarray(2 * spot, 2 * spot + 2);
    return { x, y, cells: [] };
  });
}
