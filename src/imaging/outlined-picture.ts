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

/** The same with as few pixels as needed to be no longer than `longest`: blocks of pixels become one. */
export function outlinedThumbnail(segmented: Segmented, longest: number): Outlined {
  const { planes, labels, rows, columns } = segmented;
  const factor = Math.max(1, Math.ceil(Math.max(rows, columns) / longest));
  const size = { rows: Math.ceil(rows / factor), columns: Math.ceil(columns / factor) };
  const greys = greysOf(planes, rows * columns);
  const small = new Uint8Array(size.rows * size.columns);
  const found = new Int32Array(small.length);
  for (let at = 0; at < small.length; at++) {
    const row = Math.floor(at / size.columns) * factor;
    const column = (at % size.columns) * factor;
    const block = { row, column, factor };
    small[at] = meanOf(greys, block, { rows, columns });
    const middle = Math.min(row + (factor >> 1), rows - 1) * columns;
    found[at] = labels[middle + Math.min(column + (factor >> 1), columns - 1)];
  }
  return outlined(small, found, size);
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
