/** The pixels of one object within its bounding box: 1 for its own, 0 for others. */
export interface ObjectMask {
  readonly rows: number;
  readonly columns: number;
  readonly data: Uint8Array;
}

/** The numbers that the tracking models know a cell by. */
export interface CellShape {
  readonly area: number;
  readonly perimeter: number;
  readonly eccentricity: number;
}

/** Length that a border pixel adds to the perimeter, by its code (see `perimeterOf`). */
const LENGTHS = new Float64Array(50);
for (const code of [5, 7, 15, 17, 25, 27]) LENGTHS[code] = 1;
for (const code of [21, 33]) LENGTHS[code] = Math.SQRT2;
for (const code of [13, 23]) LENGTHS[code] = (1 + Math.SQRT2) / 2;

export function shapeOf(mask: ObjectMask): CellShape {
  return {
    area: mask.data.reduce((area, own) => area + own, 0),
    perimeter: perimeterOf(mask),
    eccentricity: eccentricityOf(mask),
  };
}

/**
 * Length of the border, told from the neighbourhoods of border pixels: Benkrid and Crookes, "Design and FPGA
 * implementation of a perimeter estimator" (2000), as in scikit-image. The code of a pixel is 1 for itself, 2
 * for each border pixel beside it and 10 for each diagonal one.
 */
function perimeterOf(mask: ObjectMask): number {
  const border = borderOf(mask);
  const stride = mask.columns + 2;
  const counts = new Int32Array(LENGTHS.length);
  for (let row = 1; row <= mask.rows; row++) {
    for (let column = 1; column <= mask.columns; column++) {
      const i = row * stride + column;
      const beside = border[i - stride] + border[i + stride] + border[i - 1] + border[i + 1];
      const diagonal =
        border[i - stride - 1] +
        border[i - stride + 1] +
        border[i + stride - 1] +
        border[i + stride + 1];
      counts[border[i] + 2 * beside + 10 * diagonal]++;
    }
  }
  return counts.reduce((sum, count, code) => sum + count * LENGTHS[code], 0);
}

/** The pixels of an object with something else above, below, left or right, in a box with a margin of one pixel. */
function borderOf({ rows, columns, data }: ObjectMask): Uint8Array {
  const stride = columns + 2;
  const object = new Uint8Array((rows + 2) * stride);
  for (let row = 0; row < rows; row++) {
    object.set(data.subarray(row * columns, (row + 1) * columns), (row + 1) * stride + 1);
  }
  return object.map((own, i) => {
    if (own === 0) return 0;
    const isInner = object[i - stride] & object[i + stride] & object[i - 1] & object[i + 1];
    return isInner === 1 ? 0 : 1;
  });
}

/**
 * Eccentricity of the ellipse with the same second moments, 0 for a circle. In the order of operations of
 * scikit-image.
 */
function eccentricityOf({ rows, columns, data }: ObjectMask): number {
  let [area, rowSum, columnSum] = [0, 0, 0];
  data.forEach((own, i) => {
    area += own;
    rowSum += own * Math.floor(i / columns);
    columnSum += own * (i % columns);
  });
  const [centreRow, centreColumn] = [rowSum / area, columnSum / area];
  let [downDown, downAcross, acrossAcross] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (data[row * columns + column] === 0) continue;
      const [down, across] = [row - centreRow, column - centreColumn];
      downDown += down * down;
      downAcross += down * across;
      acrossAcross += across * across;
    }
  }
  const both = downDown + acrossAcross;
  const [greater, lesser] = eigenvalues(
    (both - downDown) / area,
    -downAcross / area,
    (both - acrossAcross) / area,
  );
  return greater <= 0 ? 0 : Math.sqrt(1 - Math.max(lesser, 0) / greater);
}

/** Eigenvalues of [[a, b], [b, c]], the greater one first: dlae2 of LAPACK. */
function eigenvalues(a: number, b: number, c: number): [number, number] {
  if (b === 0) return [Math.max(a, c), Math.min(a, c)];
  const sum = a + c;
  const difference = Math.abs(a - c);
  const twice = Math.abs(b + b);
  const [large, small] = difference > twice ? [difference, twice] : [twice, difference];
  const root = large === 0 ? 0 : large * Math.sqrt(1 + (small / large) ** 2);
  const greater = 0.5 * (sum + root);
  if (greater === 0) return [0, 0];
  return [greater, (Math.max(a, c) / greater) * Math.min(a, c) - (b / greater) * b];
}
