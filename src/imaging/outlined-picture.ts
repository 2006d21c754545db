import type { NdArray } from './array.ts';
import { percentiles } from './normalize/percentile.ts';
import { COLOURS, eachOutlinePixel } from './overlay.ts';
import type { PlaneSize } from './plane.ts';

/** A picture of 8 bits a pixel: uint8 `[row, column]`, numbers of colours, and the colours as RGB. */
interface Outlined extends NdArray<Uint8Array> {
  readonly palette: Uint8Array;
}

/** Numbers of the colours: greys, then those of outlines. */
const GREYS = 250;
/** Cuts off what is darker or brighter. */
const CONTRAST = [1, 99];

const PALETTE = new Uint8Array(3 * (GREYS + COLOURS.length));
for (let grey = 0; grey < GREYS; grey++) {
  PALETTE.fill(Math.round((grey * 255) / (GREYS - 1)), 3 * grey, 3 * grey + 3);
}
for (const [at, colour] of COLOURS.entries()) PALETTE.set(colour, 3 * (GREYS + at));

/** A plane of an image, or several that are laid over each other, and what was found in it. */
interface Segmented extends PlaneSize {
  /** float32 `[row, column]` each. */
  readonly planes: readonly Float32Array[];
  /** int32 `[row, column]`, 0 for background. */
  readonly labels: Int32Array;
}

/**
 * The image in grey, each plane stretched between its 1st and 99th percentile and the brightest of them
 * taken, with the outline of each label in colour.
 */
export function outlinedPicture({ planes, labels, rows, columns }: Segmented): Outlined {
  return outlined(greysOf(planes, rows * columns), labels, { rows, columns });
}

/** Thumbnails are scaled down by no more than this: below it, outlines of cells cannot be seen. */
const SMALLEST = 2;

/**
 * The same, no longer than `longest`: blocks of two by two pixels become one where that is needed. Of an image
 * that is too long even so the part around the middle of its cells is shown.
 */
export function outlinedThumbnail(segmented: Segmented, longest: number): Outlined {
  const { planes, labels, rows, columns } = segmented;
  const factor = Math.max(rows, columns) > longest ? SMALLEST : 1;
  const part = partAround(middleOf(labels, { rows, columns }), factor * longest, segmented);
  const size = { rows: Math.ceil(part.rows / factor), columns: Math.ceil(part.columns / factor) };
  const greys = greysOf(planes, rows * columns);
  const small = new Uint8Array(size.rows * size.columns);
  const found = new Int32Array(small.length);
  for (let at = 0; at < small.length; at++) {
    const row = part.row + Math.floor(at / size.columns) * factor;
    const column = part.column + (at % size.columns) * factor;
    small[at] = meanOf(greys, { row, column, factor }, { rows, columns });
    found[at] = labels[row * columns + column];
  }
  return outlined(small, found, size);
}

interface Part extends PlaneSize {
  readonly row: number;
  readonly column: number;
}

/** The part of a plane that is no longer than `longest` and has a point in its middle as far as the plane reaches. */
function partAround(
  { row, column }: { readonly row: number; readonly column: number },
  longest: number,
  { rows, columns }: PlaneSize,
): Part {
  const [height, width] = [Math.min(rows, longest), Math.min(columns, longest)];
  const start = (middle: number, length: number, all: number): number =>
    Math.min(Math.max(Math.round(middle - length / 2), 0), all - length);
  return {
    row: start(row, height, rows),
    column: start(column, width, columns),
    rows: height,
    columns: width,
  };
}

/** The mean place of all labelled pixels; the middle of the plane if there are none. */
function middleOf(
  labels: Int32Array,
  { rows, columns }: PlaneSize,
): { row: number; column: number } {
  let [count, down, across] = [0, 0, 0];
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] === 0) continue;
    count += 1;
    down += Math.floor(at / columns);
    across += at % columns;
  }
  if (count === 0) return { row: rows / 2, column: columns / 2 };
  return { row: down / count, column: across / count };
}

interface Block {
  readonly row: number;
  readonly column: number;
  readonly factor: number;
}

/** Of the part of a block that lies within the picture. */
function meanOf(
  greys: Uint8Array,
  { row, column, factor }: Block,
  { rows, columns }: PlaneSize,
): number {
  const [bottom, right] = [Math.min(row + factor, rows), Math.min(column + factor, columns)];
  let sum = 0;
  for (let y = row; y < bottom; y++) {
    for (let x = column; x < right; x++) sum += greys[y * columns + x];
  }
  return Math.round(sum / ((bottom - row) * (right - column)));
}

function greysOf(planes: readonly Float32Array[], length: number): Uint8Array {
  const greys = new Uint8Array(length);
  for (const data of planes) {
    const pixels = { data, start: 0, step: 1, rows: 1, columns: length };
    const [low = 0, high = 1] = percentiles(pixels, CONTRAST, 'all');
    const scale = high > low ? (GREYS - 1) / (high - low) : 0;
    for (let at = 0; at < length; at++) {
      const grey = Math.min(Math.max(Math.round((data[at] - low) * scale), 0), GREYS - 1);
      if (grey > greys[at]) greys[at] = grey;
    }
  }
  return greys;
}

/** Draws the outlines in place. */
function outlined(data: Uint8Array, labels: Int32Array, size: PlaneSize): Outlined {
  eachOutlinePixel(labels, size, (at, label) => (data[at] = GREYS + (label % COLOURS.length)));
  return { shape: [size.rows, size.columns], data, palette: PALETTE };
}
