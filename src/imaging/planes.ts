import { type Image, sharedFloat32 } from './array.ts';
import { extentOfChannel } from './extent.ts';
import type { PlaneSize } from './plane.ts';

/** One channel of one batch item, inside its image: pixel i stands at `start + i * step`. */
export interface ChannelPlane extends PlaneSize {
  readonly data: Float32Array;
  readonly start: number;
  /** Channels of the image. */
  readonly step: number;
}

/** The least and the greatest value of a plane. */
export interface Range {
  readonly least: number;
  readonly greatest: number;
}

/**
 * The planes of an image `[batch, row, column, channel]`: all channels of the first batch item,
 * then of the next.
 */
export function channelPlanes({ shape, data }: Image): ChannelPlane[] {
  const [batches = 0, rows = 0, columns = 0, step = 0] = shape;
  const item = rows * columns * step;
  return Array.from({ length: batches * step }, (_, index) => {
    const channel = index % step;
    return { data, rows, columns, step, start: ((index - channel) / step) * item + channel };
  });
}

/**
 * Makes an image of the same shape, plane by plane: `change` is to write all pixels of `to`, which
 * are 0 before.
 */
export function mapPlanes(
  image: Image,
  change: (from: ChannelPlane, to: ChannelPlane) => void,
): Image {
  const result: Image = { shape: image.shape, data: sharedFloat32(image.data.length) };
  for (const from of channelPlanes(image)) change(from, { ...from, data: result.data });
  return result;
}

/** Copies a row of a plane. */
export function readRow(
  { data, start, step, columns }: ChannelPlane,
  y: number,
  row: Float32Array,
): void {
  const first = start + y * columns * step;
  if (step === 1) row.set(data.subarray(first, first + columns));
  else for (let x = 0, i = first; x < columns; x++, i += step) row[x] = data[i];
}

/** Index after the last pixel of a plane. */
export function planeEnd({ start, step, rows, columns }: ChannelPlane): number {
  return start + step * rows * columns;
}

/** The least and the greatest value; both NaN if a value is NaN. */
export function range({ data, start, step, rows, columns }: ChannelPlane): Range {
  const channel = start % step;
  const first = start - channel;
  const item = data.subarray(first, first + rows * columns * step);
  const { least, greatest, hasGaps } = extentOfChannel(item, channel, step);
  return hasGaps ? { least: NaN, greatest: NaN } : { least, greatest };
}

/**
 * Writes a plane with its values above a limit replaced by the limit. A limit of NaN replaces
 * nothing.
 */
export function cutAbove(from: ChannelPlane, to: ChannelPlane, limit: number): void {
  const { data, start, step } = from;
  const end = planeEnd(from);
  for (let i = start; i < end; i += step) {
    const value = data[i];
    to.data[i] = value > limit ? limit : value;
  }
}

/**
 * Writes a plane stretched to 0..1 in float32, as numpy does it: (value - least) / (greatest -
 * least), with values outside of the range taken for its ends. NaN everywhere if the range is a
 * single value.
 */
export function stretchPlane(
  from: ChannelPlane,
  to: ChannelPlane,
  { least, greatest }: Range,
): void {
  const { data, start, step } = from;
  const end = planeEnd(from);
  const width = Math.fround(greatest - least);
  for (let i = start; i < end; i += step) {
    const value = Math.max(Math.min(data[i], greatest), least);
    to.data[i] = Math.fround(value - least) / width;
  }
}
