import { smoothPlane } from '../watershed/gaussian.ts';
import { type ChannelPlane, channelPlanes, planeEnd } from '../planes.ts';
import type { PlaneSize } from '../plane.ts';
import type { Size } from '../plane.ts';
import { type Scratch, withScratch } from '../scratch.ts';

/** float32 `[row, column, channel]`. */
interface Item extends PlaneSize {
  readonly data: Float32Array;
  readonly channels: number;
}

/**
 * scikit-image's `resize` of order 1 with zeros outside: each channel smoothed along the axes that shrink, interpolated
 * in double precision, blended with zeros at the border; then all clipped to the range of the input.
 */
export function resizeAntiAliased(item: Item, [toRows, toColumns]: Size, out: Float32Array): void {
  withScratch((scratch) => resizeChannels(item, [toRows, toColumns], scratch, out));
  clipToRange(out, extremes(item.data));
}

function resizeChannels(
  item: Item,
  [toRows, toColumns]: Size,
  scratch: Scratch,
  out: Float32Array,
): void {
  const { data, rows, columns, channels } = item;
  const down = neighbours(rows, toRows);
  const across = neighbours(columns, toColumns);
  const sigma = [antiAliasing(rows, toRows), antiAliasing(columns, toColumns)] as const;
  const plane = scratch.float32(rows * columns);
  const smooth = scratch.float32(rows * columns);
  const framed = scratch.float32((rows + 2) * (columns + 2)).fill(0);
  for (const channel of channelPlanes({ shape: [1, rows, columns, channels], data })) {
    takePlane(channel, plane);
    smoothPlane(plane, item, { sigma, outside: 'zeros' }, smooth);
    for (let y = 0; y < rows; y++) {
      const line = smooth.subarray(y * columns, (y + 1) * columns);
      framed.set(line, (y + 1) * (columns + 2) + 1);
    }
    interpolate(framed, columns + 2, { down, across, channel: channel.start, channels }, out);
  }
}

function takePlane(from: ChannelPlane, plane: Float32Array): void {
  const { data, start, step } = from;
  const end = planeEnd(from);
  for (let i = start, pixel = 0; i < end; i += step, pixel++) plane[pixel] = data[i];
}

/** Standard deviation of the Gaussian along an axis, in pixels. */
function antiAliasing(from: number, to: number): number {
  const sigma = Math.max(0, (from / to - 1) / 2);
  return sigma > 1e-15 ? sigma : 0;
}

interface Neighbours {
  /** The sample before each place, counted in an axis with one more sample before the first. */
  readonly index: Int32Array;
  /** The weight of the sample after it. */
  readonly weight: Float64Array;
}

function neighbours(from: number, to: number): Neighbours {
  const scale = from / to;
  const index = new Int32Array(to);
  const weight = new Float64Array(to);
  for (let k = 0; k < to; k++) {
    const position = (k + 0.5) * scale - 0.5;
    index[k] = Math.floor(position) + 1;
    weight[k] = position - Math.floor(position);
  }
  return { index, weight };
}

interface Target {
  readonly down: Neighbours;
  readonly across: Neighbours;
  readonly channel: number;
  readonly channels: number;
}

/** Interpolates between four pixels of a plane that has a frame of zeros. */
function interpolate(plane: Float32Array, width: number, target: Target, out: Float32Array): void {
  const { down, across, channel, channels } = target;
  const { index: lefts, weight: shares } = across;
  let at = channel;
  for (let y = 0; y < down.index.length; y++) {
    const above = down.index[y] * width;
    const lower = down.weight[y];
    const upper = 1 - lower;
    for (let x = 0; x < lefts.length; x++, at += channels) {
      const pixel = above + lefts[x];
      const right = shares[x];
      const left = 1 - right;
      out[at] =
        plane[pixel] * (upper * left) +
        plane[pixel + 1] * (upper * right) +
        plane[pixel + width] * (lower * left) +
        plane[pixel + width + 1] * (lower * right);
    }
  }
}

interface Range {
  readonly least: number;
  readonly greatest: number;
}

/** NaN is overlooked. */
function extremes(values: Float32Array): Range {
  let least = Infinity;
  let greatest = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return { least, greatest };
}

/** Zeros came in from outside: they stay, unless the result lies on one side of 0 altogether. */
function clipToRange(out: Float32Array, range: Range): void {
  const made = extremes(out);
  const blended = made.least <= 0 && made.greatest >= 0;
  const low = blended ? Math.min(range.least, 0) : range.least;
  const high = blended ? Math.max(range.greatest, 0) : range.greatest;
  if (made.least >= low && made.greatest <= high) return;
  for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(out[i], low), high);
}
