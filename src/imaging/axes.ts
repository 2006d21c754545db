import { KnownError } from '../errors.ts';
import { type Image, type NdArray, sharedFloat32, sizeOf } from './array.ts';

/**
 * What `dimension_order` may say: the axes of the file, B batch, X rows, Y columns, C channels
 * (the reference calls rows X and columns Y).
 */
export const DIMENSION_ORDERS = ['XY', 'BXY', 'CXY', 'XYB', 'XYC', 'BXYC', 'CXYB'] as const;

export type DimensionOrder = (typeof DIMENSION_ORDERS)[number];

/** Where the axes of BXYC stand in a file of each order; absent ones have length 1. */
const STANDARD = ['B', 'X', 'Y', 'C'] as const;

/**
 * Brings an array of a known axis order to `[batch, row, column, channel]`. Arrays that only lack axes are not copied.
 * The moves are those of the reference: CXYB swaps its first and last axis.
 */
export function arrangeAxes({
  array,
  order,
}: {
  readonly array: NdArray<Float32Array>;
  readonly order: DimensionOrder;
}): Image {
  if (array.shape.length !== order.length) {
    throw new KnownError(
      'wrong_dimensions',
      `dimension_order "${order}" names ${order.length} axes, but the image has ${array.shape.length} ` +
        `(shape ${array.shape.join(' × ')}).`,
    );
  }
  const source = STANDARD.map((axis) => order.indexOf(axis));
  const shape = source.map((axis) => array.shape[axis] ?? 1);
  const present = source.filter((axis) => axis >= 0);
  const inOrder = present.every((axis, index) => index === 0 || axis > (present[index - 1] ?? -1));
  if (inOrder) return { shape, data: array.data };
  return { shape, data: permuted(array, source, shape) };
}

function permuted(
  { shape: from, data }: NdArray<Float32Array>,
  source: readonly number[],
  shape: readonly number[],
): Float32Array {
  const strides = source.map((axis) => (axis < 0 ? 0 : sizeOf(from.slice(axis + 1))));
  const [batches = 0, rows = 0, columns = 0, channels = 0] = shape;
  const [byBatch = 0, byRow = 0, byColumn = 0, byChannel = 0] = strides;
  const out = sharedFloat32(sizeOf(shape));
  let target = 0;
  for (let b = 0; b < batches; b++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const pixel = b * byBatch + y * byRow + x * byColumn;
        for (let c = 0; c < channels; c++) out[target++] = data[pixel + c * byChannel];
      }
    }
  }
  return out;
}

/** Drops axes of length 1; of an array of a single element nothing is left. */
export function squeeze(array: NdArray<Float32Array>): NdArray<Float32Array> {
  return { data: array.data, shape: array.shape.filter((length) => length !== 1) };
}

/** The axis that is most likely the channels': the shortest of `shape` from axis `from` on, the first of equals. */
export function guessChannelAxis(shape: readonly number[], from: number): number {
  const lengths = shape.slice(from);
  return from + lengths.indexOf(Math.min(...lengths));
}

/** Moves one axis to the end, the others keep their order. */
export function moveAxisLast({
  array,
  axis,
}: {
  readonly array: NdArray<Float32Array>;
  readonly axis: number;
}): NdArray<Float32Array> {
  const { shape, data } = array;
  if (axis === shape.length - 1) return array;
  const before = sizeOf(shape.slice(0, axis));
  const length = shape[axis] ?? 1;
  const after = sizeOf(shape.slice(axis + 1));
  const out = sharedFloat32(data.length);
  for (let i = 0; i < before; i++) {
    for (let k = 0; k < length; k++) {
      const plane = (i * length + k) * after;
      for (let j = 0; j < after; j++) {
        out[(i * after + j) * length + k] = data[plane + j];
      }
    }
  }
  return { data: out, shape: [...shape.slice(0, axis), ...shape.slice(axis + 1), length] };
}

/** Some channels of an image, in the order given, as an image of their own. */
export function takeChannels({
  image,
  channels,
}: {
  readonly image: Image;
  readonly channels: readonly number[];
}): Image {
  const { shape, data } = image;
  const available = shape[3] ?? 1;
  const pixels = data.length / available;
  const out = sharedFloat32(pixels * channels.length);
  channels.forEach((channel, index) => {
    for (let pixel = 0; pixel < pixels; pixel++) {
      out[pixel * channels.length + index] = data[pixel * available + channel];
    }
  });
  return { shape: [...shape.slice(0, 3), channels.length], data: out };
}

/** Images of equally many batches, rows and columns, put side by side along the channel axis. */
export function stackChannels<Data extends Float32Array | Int32Array>(
  images: readonly NdArray<Data>[],
  allocate: (length: number) => Data,
): NdArray<Data> {
  const [first] = images;
  if (first === undefined || images.length === 1)
    return first ?? { shape: [0, 0, 0, 0], data: allocate(0) };
  const channels = images.map(({ shape }) => shape[3] ?? 1);
  const total = channels.reduce((sum, count) => sum + count, 0);
  const pixels = sizeOf(first.shape.slice(0, 3));
  const out = allocate(pixels * total);
  let offset = 0;
  images.forEach(({ data }, index) => {
    const count = channels[index] ?? 1;
    for (let pixel = 0; pixel < pixels; pixel++) {
      for (let c = 0; c < count; c++) out[pixel * total + offset + c] = data[pixel * count + c];
    }
    offset += count;
  });
  return { shape: [...first.shape.slice(0, 3), total], data: out };
}
