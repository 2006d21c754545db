import { type Image, type Labels, type NdArray, sharedFloat32, sharedInt32 } from './array.ts';
import { smoothPlane } from './gaussian.ts';

/** Rows and columns. */
export type Size = readonly [rows: number, columns: number];

/**
 * Resizes images `[batch, row, column, channel]`, float32, as the reference does: images of one
 * channel as OpenCV's INTER_LINEAR, of several as scikit-image's `resize` of order 1 with anti-
 * aliasing and zeros outside, which darkens their border.
 */
export function resizeImage({
  image,
  size,
}: {
  readonly image: Image;
  readonly size: Size;
}): Image {
  const [batches = 0, rows = 0, columns = 0, channels = 0] = image.shape;
  const out = sharedFloat32(batches * size[0] * size[1] * channels);
  const length = rows * columns * channels;
  for (let b = 0; b < batches; b++) {
    const item = { data: image.data.subarray(b * length, (b + 1) * length), rows, columns };
    const resized =
      channels === 1 ? resizeLinear(item, size) : resizeAntiAliased({ ...item, channels }, size);
    out.set(resized, b * resized.length);
  }
  return { shape: [batches, ...size, channels], data: out };
}

/**
 * Resizes label images `[batch, row, column, channel]`, int32, to the nearest pixel: images of one
 * channel by OpenCV's rule (corners aligned), of several by scikit-image's (centres aligned). The
 * two differ.
 */
export function resizeLabels({
  labels,
  size,
}: {
  readonly labels: Labels;
  readonly size: Size;
}): Labels {
  const [batches = 0, rows = 0, columns = 0, channels = 0] = labels.shape;
  const place = channels === 1 ? cornerAligned : centreAligned;
  const ys = place(rows, size[0]);
  const xs = place(columns, size[1]);
  const out = sharedInt32(batches * size[0] * size[1] * channels);
  let at = 0;
  for (let b = 0; b < batches; b++) {
    for (const y of ys) {
      const row = (b * rows + y) * columns;
      for (const x of xs) {
        const pixel = (row + x) * channels;
        for (let c = 0; c < channels; c++) out[at++] = labels.data[pixel + c];
      }
    }
  }
  return { shape: [batches, ...size, channels], data: out };
}

/** The oldest rescaling of model-named jobs: each pixel takes its nearest, centres aligned. */
export function resizeNearest({
  image,
  size,
}: {
  readonly image: Image;
  readonly size: Size;
}): Image {
  const [batches = 0, rows = 0, columns = 0, channels = 0] = image.shape;
  const ys = centreAligned(rows, size[0]);
  const xs = centreAligned(columns, size[1]);
  const out = sharedFloat32(batches * size[0] * size[1] * channels);
  let at = 0;
  for (let b = 0; b < batches; b++) {
    for (const y of ys) {
      for (const x of xs) {
        const pixel = ((b * rows + y) * columns + x) * channels;
        for (let c = 0; c < channels; c++) out[at++] = image.data[pixel + c];
      }
    }
  }
  return { shape: [batches, ...size, channels], data: out };
}

function cornerAligned(from: number, to: number): Int32Array {
  const scale = 1 / (to / from);
  return Int32Array.from({ length: to }, (_, k) => Math.min(Math.floor(k * scale), from - 1));
}

function centreAligned(from: number, to: number): Int32Array {
  const scale = from / to;
  return Int32Array.from({ length: to }, (_, k) =>
    Math.min(Math.max(Math.floor((k + 0.5) * scale - 0.5 + 0.5), 0), from - 1),
  );
}

interface Plane {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/**
 * OpenCV's INTER_LINEAR of one float32 plane: positions and weights in float32, first along the
 * row, then between rows. An image that is a single row is taken for a single column, because the
 * reference squeezes it.
 */
export function resizeLinear(plane: Plane, [toRows, toColumns]: Size): Float32Array {
  const { data } = plane;
  const transposed = plane.rows === 1 && plane.columns > 1;
  const rows = transposed ? plane.columns : plane.rows;
  const columns = transposed ? 1 : plane.columns;
  const xs = linearTaps(columns, toColumns, 'inside');
  const ys = linearTaps(rows, toRows, 'outside');
  const out = new Float32Array(toRows * toColumns);
  const lines = new LineCache(data, columns, xs, toColumns);
  for (let y = 0; y < toRows; y++) {
    const first = Math.min(Math.max(ys.index[y], 0), rows - 1);
    const second = Math.min(Math.max(ys.index[y] + 1, 0), rows - 1);
    const above = lines.line(first);
    const below = lines.line(second);
    const weight = ys.weight[y];
    const rest = Math.fround(1 - weight);
    for (let x = 0; x < toColumns; x++) {
      out[y * toColumns + x] = Math.fround(above[x] * rest) + Math.fround(below[x] * weight);
    }
  }
  return out;
}

interface Taps {
  readonly index: Int32Array;
  readonly weight: Float32Array;
}

/** The left neighbour of each target sample and the weight of the right one. */
function linearTaps(from: number, to: number, edges: 'inside' | 'outside'): Taps {
  const scale = 1 / (to / from);
  const index = new Int32Array(to);
  const weight = new Float32Array(to);
  for (let k = 0; k < to; k++) {
    const position = Math.fround((k + 0.5) * scale - 0.5);
    const left = Math.floor(position);
    const beyond = edges === 'inside' && (left < 0 || left >= from - 1);
    index[k] = beyond ? Math.min(Math.max(left, 0), from - 1) : left;
    weight[k] = beyond ? 0 : position - left;
  }
  return { index, weight };
}

/** The last two source rows, interpolated along their columns. */
class LineCache {
  readonly #data: Float32Array;
  readonly #columns: number;
  readonly #taps: Taps;
  readonly #lines: { source: number; values: Float32Array }[];

  constructor(data: Float32Array, columns: number, taps: Taps, length: number) {
    this.#data = data;
    this.#columns = columns;
    this.#taps = taps;
    this.#lines = [0, 1].map(() => ({ source: -1, values: new Float32Array(length) }));
  }

  line(source: number): Float32Array {
    const known = this.#lines.find((line) => line.source === source);
    if (known) return known.values;
    const line = this.#lines.shift() as { source: number; values: Float32Array };
    this.#lines.push(line);
    line.source = source;
    this.#interpolate(source * this.#columns, line.values);
    return line.values;
  }

  #interpolate(start: number, values: Float32Array): void {
    const { index, weight } = this.#taps;
    for (let x = 0; x < values.length; x++) {
      const left = index[x];
      const right = Math.min(left + 1, this.#columns - 1);
      const share = weight[x];
      values[x] =
        Math.fround(this.#data[start + left] * Math.fround(1 - share)) +
        Math.fround(this.#data[start + right] * share);
    }
  }
}

interface Item extends Plane {
  readonly channels: number;
}

/**
 * scikit-image's `resize`, order 1, mode constant: smoothed when it shrinks, blended with zeros at
 * the border, clipped to its range.
 */
function resizeAntiAliased(item: Item, [toRows, toColumns]: Size): Float32Array {
  const { data, rows, columns, channels } = item;
  const smoothed = antiAlias(item, [rows / toRows, columns / toColumns]);
  const ys = centredTaps(rows, toRows);
  const xs = centredTaps(columns, toColumns);
  const out = new Float32Array(toRows * toColumns * channels);
  const at = (y: number, x: number, c: number): number =>
    y < 0 || x < 0 || y >= rows || x >= columns ? 0 : smoothed[(y * columns + x) * channels + c];
  let target = 0;
  for (let y = 0; y < toRows; y++) {
    const top = ys.index[y];
    const down = ys.weight[y];
    for (let x = 0; x < toColumns; x++) {
      const left = xs.index[x];
      const across = xs.weight[x];
      for (let c = 0; c < channels; c++) {
        out[target++] =
          at(top, left, c) * ((1 - down) * (1 - across)) +
          at(top, left + 1, c) * ((1 - down) * across) +
          at(top + 1, left, c) * (down * (1 - across)) +
          at(top + 1, left + 1, c) * (down * across);
      }
    }
  }
  clipToRange(out, data);
  return out;
}

function centredTaps(from: number, to: number): { index: Int32Array; weight: Float64Array } {
  const scale = from / to;
  const index = new Int32Array(to);
  const weight = new Float64Array(to);
  for (let k = 0; k < to; k++) {
    const position = (k + 0.5) * scale - 0.5;
    index[k] = Math.floor(position);
    weight[k] = position - Math.floor(position);
  }
  return { index, weight };
}

/**
 * Gaussian of (factor - 1) / 2 along each axis that shrinks, zeros outside; each channel by itself.
 */
function antiAlias(
  { data, rows, columns, channels }: Item,
  factors: readonly [number, number],
): Float32Array {
  const sigmaOf = (factor: number): number => {
    const sigma = Math.max(0, (factor - 1) / 2);
    return sigma > 1e-15 ? sigma : 0;
  };
  const sigma = [sigmaOf(factors[0]), sigmaOf(factors[1])] as const;
  const out = new Float32Array(data.length);
  const plane = new Float32Array(rows * columns);
  const smoothed = new Float32Array(rows * columns);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < plane.length; i++) plane[i] = data[i * channels + c];
    smoothPlane(plane, { rows, columns }, { sigma, outside: 'zeros' }, smoothed);
    for (let i = 0; i < plane.length; i++) out[i * channels + c] = smoothed[i];
  }
  return out;
}

/** Zeros come in from outside: they stay, unless the result lies on one side of 0 altogether. */
function clipToRange(out: Float32Array, source: NdArray<Float32Array>['data']): void {
  const extremes = (values: Float32Array): [number, number] => {
    let least = Infinity;
    let greatest = -Infinity;
    for (const value of values) {
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
    return [least, greatest];
  };
  let [low, high] = extremes(source);
  const [least, greatest] = extremes(out);
  if ((low > 0 || high < 0) && least <= 0 && greatest >= 0) {
    low = Math.min(low, 0);
    high = Math.max(high, 0);
  }
  for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(out[i], low), high);
}
