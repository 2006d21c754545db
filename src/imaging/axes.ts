import { KnownError } from '../errors.ts';
import { type Image, type NdArray, sharedFloat32, sizeOf } from './array.ts';
import { shapeWords } from './shape-words.ts';

/**
 * What `dimension_order` may say: the axes of the file, B batch, X rows, Y columns, C channels
 * (the reference calls rows X and columns Y).
 */
export const DIMENSION_ORDERS = ['XY', 'BXY', 'CXY', 'XYB', 'XYC', 'BXYC', 'BCXY', 'CXYB'] as const;

export type DimensionOrder = (typeof DIMENSION_ORDERS)[number];

/**
 * Brings an array to `[batch, row, column, channel]`. `order` has a letter for each of its axes, as
 * `dimension_order` has: X and Y once; axes that share the letter B or C become one, the first of
 * them varying slowest. Arrays that only lack axes, or have several in order, are not copied.
 */
export function arrangeAxes({
  array,
  order,
}: {
  readonly array: NdArray<Float32Array>;
  readonly order: string;
}): Image {
  const { shape: from, data } = array;
  if (from.length !== order.length) {
    throw new KnownError(
      'wrong_dimensions',
      `dimension_order "${order}" names ${order.length} axes, but the image has ${from.length} ` +
        `(shape ${shapeWords(from)}).`,
    );
  }
  const axesOf = (letter: string): number[] =>
    from.flatMap((_, axis) => (order[axis] === letter ? [axis] : []));
  const groups = ['B', 'X', 'Y', 'C'].map(axesOf);
  const shape = groups.map((axes) => sizeOf(axes.map((axis) => from[axis] ?? 1)));
  const source = groups.flat();
  const moving = source.filter((axis) => from[axis] !== 1);
  const inOrder = moving.every((axis, index) => index === 0 || axis > (moving[index - 1] ?? -1));
  return { shape, data: inOrder ? data : permuted(array, source) };
}

/** The elements of an array with its axes in another order. */
function permuted({ shape, data }: NdArray<Float32Array>, axes: readonly number[]): Float32Array {
  const lengths = axes.map((axis) => shape[axis] ?? 1);
  const strides = axes.map((axis) => sizeOf(shape.slice(axis + 1)));
  const out = sharedFloat32(data.length);
  const innerLength = lengths.at(-1) ?? 1;
  const innerStride = strides.at(-1) ?? 1;
  const place = lengths.map(() => 0);
  let from = 0;
  for (let target = 0; target < out.length; target += innerLength) {
    for (let i = 0; i < innerLength; i++) out[target + i] = data[from + i * innerStride];
    for (let axis = place.length - 2; axis >= 0; axis--) {
      from += strides[axis];
      if (++place[axis] < lengths[axis]) break;
      from -= strides[axis] * lengths[axis];
      place[axis] = 0;
    }
  }
  return out;
}

/** The axis that is most likely the channels': the shortest of `shape` from axis `from` on, the first of equals. */
export function guessChannelAxis(shape: readonly number[], from: number): number {
  const lengths = shape.slice(from);
  return from + lengths.indexOf(Math.min(...lengths));
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
