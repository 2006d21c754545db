import type { PlaneSize } from '../plane.ts';

/** Where the cells of a plane are and how they are shaped, by the number of the cell. In pixels. */
export interface Shapes {
  readonly area: Float64Array;
  /** The mean of the rows and of the columns of a cell's pixels. */
  readonly row: Float64Array;
  readonly column: Float64Array;
  /** The bounding box: first row and column, and those after the last. */
  readonly top: Int32Array;
  readonly left: Int32Array;
  readonly bottom: Int32Array;
  readonly right: Int32Array;
  /** Of the ellipse with the same second moments: 0 for a circle, towards 1 for a line. */
  readonly eccentricity: Float64Array;
}

interface Numbered extends PlaneSize {
  /** The number of the cell of each pixel, below 0 for the background. */
  readonly numbers: Int32Array;
  readonly cells: number;
}

/** Measures all cells of a plane in one pass. Definitions are those of scikit-image's `regionprops`. */
export function shapesOf({ numbers, rows, columns, cells }: Numbered): Shapes {
  const area = new Float64Array(cells);
  const [top, left] = [new Int32Array(cells).fill(-1), new Int32Array(cells)];
  const [bottom, right] = [new Int32Array(cells), new Int32Array(cells)];
  // Sums of places from a cell's first pixel on: whole numbers, so that nothing is lost however far out a cell lies.
  const origin = new Int32Array(cells);
  const sum = (): Float64Array => new Float64Array(cells);
  const [down, across, downDown, acrossAcross, downAcross] = [sum(), sum(), sum(), sum(), sum()];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const cell = numbers[row * columns + column];
      if (cell < 0) continue;
      if (top[cell] < 0) {
        top[cell] = row;
        left[cell] = origin[cell] = column;
      }
      const y = row - top[cell];
      const x = column - origin[cell];
      area[cell] += 1;
      down[cell] += y;
      across[cell] += x;
      downDown[cell] += y * y;
      acrossAcross[cell] += x * x;
      downAcross[cell] += y * x;
      if (column < left[cell]) left[cell] = column;
      if (column >= right[cell]) right[cell] = column + 1;
      bottom[cell] = row + 1;
    }
  }
  const eccentricity = area.map((pixels, cell) => {
    const [y, x] = [down[cell] / pixels, across[cell] / pixels];
    return eccentricityOf(
      downDown[cell] / pixels - y * y,
      acrossAcross[cell] / pixels - x * x,
      downAcross[cell] / pixels - y * x,
    );
  });
  const row = area.map((pixels, cell) => top[cell] + down[cell] / pixels);
  const column = area.map((pixels, cell) => origin[cell] + across[cell] / pixels);
  return { area, row, column, top, left, bottom, right, eccentricity };
}

/** From the variances along rows and columns, and their covariance. */
function eccentricityOf(rows: number, columns: number, both: number): number {
  const middle = (rows + columns) / 2;
  const spread = Math.hypot((rows - columns) / 2, both);
  const longest = middle + spread;
  if (longest <= 0) return 0;
  return Math.sqrt(1 - Math.max(middle - spread, 0) / longest);
}
