import type { NdArray } from '../array.ts';
import { type CellShape, shapeOf } from './cell-shape.ts';
import { findObjects, type FrameObject } from './frame-objects.ts';
import type { PlaneSize } from '../plane.ts';
import { pairwiseMean } from './pairwise-sum.ts';
import { resizeLinear } from '../resize/resize-linear.ts';
import { resizeImage } from '../resize/resize.ts';

export interface AppearanceOptions {
  /** Side of the square crop of a cell, in pixels. */
  readonly appearanceSize: number;
  /**
   * - `resize`: the bounding box of the cell with all that is in it, resized.
   * - `fixed`: the surroundings of its centre, as they are, or only the pixels of the cell, `normalized` to
   * mean 0 and deviation 1.
   */
  readonly crop: 'resize' | 'fixed' | 'fixed, normalized';
}

export interface FrameFeaturesInput extends AppearanceOptions {
  /** float32 `[row, column, channel]` */
  readonly image: NdArray<Float32Array>;
  /** int32 `[row, column]` or `[row, column, 1]` */
  readonly labels: NdArray<Int32Array>;
}

/** What the tracking models see of the cells of one frame, ascending by label. */
export interface FrameFeatures {
  readonly labels: readonly number[];
  /** float32 `[cell, row, column, channel]` */
  readonly appearances: NdArray<Float32Array>;
  /** Area, perimeter and eccentricity: float32 `[cell, 3]`. */
  readonly morphologies: NdArray<Float32Array>;
  /** Row and column: float32 `[cell, 2]`. */
  readonly centroids: NdArray<Float32Array>;
}

interface Frame {
  readonly image: Float32Array;
  readonly labels: Int32Array;
  readonly size: PlaneSize;
  readonly channels: number;
}

/** Finds the cells of a frame and what they look like: `get_image_features` of deepcell-tracking 0.6.5, to the bit. */
export function frameFeatures({ image, labels, ...options }: FrameFeaturesInput): FrameFeatures {
  const [rows = 0, columns = 0, channels = 1] = image.shape;
  const { appearanceSize: side, crop } = options;
  const whole = { image: image.data, labels: labels.data, size: { rows, columns }, channels };
  // Fixed crops reach beyond the border, so the reference widens the frame: centroids count from the widened corner.
  const frame = crop === 'resize' ? whole : widened(whole, side);
  const objects = findObjects(frame.labels, frame.size);
  const length = side * side * channels;
  const appearances = new Float32Array(objects.length * length);
  for (const [index, object] of objects.entries()) {
    appearances.set(appearanceOf(frame, object, options), index * length);
  }
  const shapes = objects.map((object) => shapeIn(frame, object));
  return {
    labels: objects.map(({ label }) => label),
    appearances: { shape: [objects.length, side, side, channels], data: appearances },
    morphologies: table(
      shapes,
      ({ area, perimeter, eccentricity }) => [area, perimeter, eccentricity],
      3,
    ),
    centroids: table(objects, ({ centroid }) => centroid, 2),
  };
}

function table<Row>(
  rows: readonly Row[],
  values: (row: Row) => readonly number[],
  columns: number,
): NdArray<Float32Array> {
  return {
    shape: [rows.length, columns],
    data: Float32Array.from(rows.flatMap((row) => values(row))),
  };
}

function shapeIn({ labels, size }: Frame, object: FrameObject): CellShape {
  const { label, top, bottom, left, right } = object;
  const mask = { rows: bottom - top, columns: right - left };
  const data = new Uint8Array(mask.rows * mask.columns);
  for (let row = top, i = 0; row < bottom; row++) {
    for (let column = left; column < right; column++, i++) {
      if (labels[row * size.columns + column] === label) data[i] = 1;
    }
  }
  return shapeOf({ ...mask, data });
}

function appearanceOf(frame: Frame, object: FrameObject, options: AppearanceOptions): Float32Array {
  const { appearanceSize: side, crop } = options;
  if (crop === 'resize') return resizedBox(frame, object, side);
  const [top, left] = object.centroid.map((centre) => Math.trunc(centre) - Math.floor(side / 2));
  const box = { top, left, bottom: top + side, right: left + side };
  const pixels = cut(frame, box);
  return crop === 'fixed' ? pixels : normalized(pixels, frame, { ...box, label: object.label });
}

function resizedBox(frame: Frame, object: FrameObject, side: number): Float32Array {
  const rows = object.bottom - object.top;
  const columns = object.right - object.left;
  const data = cut(frame, object);
  if (frame.channels === 1) return resizeLinear({ data, rows, columns }, [side, side]);
  const image = { shape: [1, rows, columns, frame.channels], data };
  return resizeImage({ image, size: [side, side] }).data;
}

type Box = Pick<FrameObject, 'top' | 'bottom' | 'left' | 'right'>;

function cut({ image, size, channels }: Frame, { top, bottom, left, right }: Box): Float32Array {
  const width = (right - left) * channels;
  const pixels = new Float32Array((bottom - top) * width);
  for (let row = top; row < bottom; row++) {
    const start = (row * size.columns + left) * channels;
    pixels.set(image.subarray(start, start + width), (row - top) * width);
  }
  return pixels;
}

/**
 * Sets what does not belong to the cell to 0, and brings what is not 0 to mean 0 and deviation 1, in float32 and with
 * NumPy's rounding.
 */
function normalized(
  pixels: Float32Array,
  { labels, size, channels }: Frame,
  { top, left, right, label }: Box & { readonly label: number },
): Float32Array {
  const width = right - left;
  const own = pixels.map((value, i) => {
    const pixel = Math.floor(i / channels);
    const place = (top + Math.floor(pixel / width)) * size.columns + left + (pixel % width);
    return labels[place] === label ? value : 0;
  });
  const values = own.filter((value) => value !== 0);
  const mean = pairwiseMean(values);
  const variance = pairwiseMean(values.map((value) => Math.fround(value - mean) ** 2));
  const deviation = Math.fround(Math.fround(Math.sqrt(variance)) + 1e-4);
  return own.map((value) => (value === 0 ? 0 : Math.fround(value - mean) / deviation));
}

function widened({ image, labels, size, channels }: Frame, margin: number): Frame {
  const wide = { rows: size.rows + 2 * margin, columns: size.columns + 2 * margin };
  const wideImage = new Float32Array(wide.rows * wide.columns * channels);
  const wideLabels = new Int32Array(wide.rows * wide.columns);
  for (let row = 0; row < size.rows; row++) {
    const [from, to] = [row * size.columns, (row + margin) * wide.columns + margin];
    wideLabels.set(labels.subarray(from, from + size.columns), to);
    wideImage.set(image.subarray(from * channels, (from + size.columns) * channels), to * channels);
  }
  return { image: wideImage, labels: wideLabels, size: wide, channels };
}
