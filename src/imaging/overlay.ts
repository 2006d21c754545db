import { type Image, type NdArray, sharedBytes } from './array.ts';
import { percentiles } from './normalize/percentile.ts';

interface Picture {
  readonly rows: number;
  readonly columns: number;
}

/** Colours of outlines, also for people with colour vision deficiency: P. Tol, "Colour Schemes" (2021), bright. */
export const COLOURS = [
  [0xee, 0x66, 0x77],
  [0x22, 0x88, 0x33],
  [0x44, 0x77, 0xaa],
  [0xcc, 0xbb, 0x44],
  [0x66, 0xcc, 0xee],
  [0xaa, 0x33, 0x77],
] as const;

/** Grey values as they show best: stretched between the 0.5 and the 99.8 percentile. uint8 RGB `[row, column, 3]`. */
export function greyPicture(plane: Float32Array): Uint8Array {
  const pixels = { data: plane, start: 0, step: 1, rows: 1, columns: plane.length };
  const [low = 0, high = 1] = percentiles(pixels, [0.5, 99.8], 'all');
  const scale = high > low ? 255 / (high - low) : 0;
  const out = new Uint8Array(plane.length * 3);
  for (let i = 0; i < plane.length; i++) {
    out.fill(Math.min(Math.max((plane[i] - low) * scale, 0), 255), 3 * i, 3 * i + 3);
  }
  return out;
}

/**
 * Draws the outline of each label on a picture, uint8 RGB `[row, column, 3]`, in place: the pixels of a label
 * that have a neighbour above, below, left or right of another label or of none.
 */
export function drawOutlines(picture: Uint8Array, labels: ArrayLike<number>, size: Picture): void {
  eachOutlinePixel(labels, size, (at, label) => {
    picture.set(COLOURS[label % COLOURS.length] ?? COLOURS[0], 3 * at);
  });
}

/** Calls `draw` with the place and the label of each pixel that is on the outline of its label. */
export function eachOutlinePixel(
  labels: ArrayLike<number>,
  { rows, columns }: Picture,
  draw: (at: number, label: number) => void,
): void {
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const at = y * columns + x;
      const label = labels[at];
      if (label === 0) continue;
      const inside =
        (y === 0 || labels[at - columns] === label) &&
        (y === rows - 1 || labels[at + columns] === label) &&
        (x === 0 || labels[at - 1] === label) &&
        (x === columns - 1 || labels[at + 1] === label);
      if (!inside) draw(at, label);
    }
  }
}

/** Marks points `[row, column]` with small crosses on a picture, uint8 RGB `[row, column, 3]`, in place. */
export function drawPoints(
  picture: Uint8Array,
  points: Iterable<readonly [number, number]>,
  { rows, columns }: Picture,
): void {
  const ARM = 2;
  for (const [row, column] of points) {
    const [y, x] = [Math.round(row), Math.round(column)];
    for (let step = -ARM; step <= ARM; step++) {
      for (const [py, px] of [
        [y + step, x],
        [y, x + step],
      ] as const) {
        if (py >= 0 && px >= 0 && py < rows && px < columns)
          picture.set(COLOURS[0], 3 * (py * columns + px));
      }
    }
  }
}

interface DrawnSpots {
  /** float32 `[batch, row, column, 1]`. */
  readonly image: Image;
  readonly batch: number;
  /** Row and column of each spot, float64 `[spot, 2]`. */
  readonly points: NdArray<Float64Array>;
}

/** The image of one batch item in grey with its spots marked, uint8 RGB `[row, column, 3]`. */
export function drawSpots({ image, batch, points }: DrawnSpots): NdArray<Uint8Array> {
  const [, rows = 0, columns = 0] = image.shape;
  const size = rows * columns;
  const data = sharedBytes(size * 3);
  data.set(greyPicture(image.data.subarray(batch * size, (batch + 1) * size)));
  const places = Array.from({ length: points.shape[0] ?? 0 }, (_, spot): [number, number] => [
    points.data[2 * spot],
    points.data[2 * spot + 1],
  ]);
  drawPoints(data, places, { rows, columns });
  return { shape: [rows, columns, 3], data };
}
