import { KnownError } from '../errors.ts';
import { type Image, type NdArray, sharedFloat32, sizeOf } from './array.ts';
import { shapeWords } from './shape-words.ts';
import { type MovedAxis, forEachPlace } from './elements/for-each-place.ts';
import { copyElements, interleave } from './elements/interleave.ts';

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

/** Channels of pixels that are written together, and pixels for which that pays off. */
const FEW = 4;
const MANY = 1024;

/** The elements of an array with its axes in another order. */
function permuted({ shape, data }: NdArray<Float32Array>, axes: readonly number[]): Float32Array {
  const out = sharedFloat32(data.length);
  const moved = merged(
    axes.map((axis, index) => ({
      length: shape[axis] ?? 1,
      from: sizeOf(shape.slice(axis + 1)),
      to: sizeOf(axes.slice(index + 1).map((later) => shape[later] ?? 1)),
    })),
  );
  const [pixels, channels] = moved.slice(-2);
  if (pixels && channels && channels.length <= FEW && pixels.length >= MANY) {
    forEachPlace(moved.slice(0, -2), (from, to) => {
      const sources = Array.from({ length: channels.length }, (_, at) => ({
        data,
        start: from + at * channels.from,
        step: pixels.from,
      }));
      interleave(sources, pixels.length, out, to);
    });
    return out;
  }
  // Lines along the longer of the axes that vary fastest before and after: then there are few of them.
  const [before, after] = [moved.findLast(({ from }) => from === 1), moved.at(-1)];
  const line = (before?.length ?? 0) > (after?.length ?? 0) ? before : after;
  forEachPlace(
    moved.filter((axis) => axis !== line),
    (from, to) => {
      const source = { data, start: from, step: line?.from ?? 1 };
      const target = { data: out, start: to, step: line?.to ?? 1 };
      copyElements(source, target, line?.length ?? 1);
    },
  );
  return out;
}

/** Axes without those of length 1, and neighbours that stay neighbours as one. */
function merged(axes: readonly MovedAxis[]): MovedAxis[] {
  const all: MovedAxis[] = [];
  for (const axis of axes.filter(({ length }) => length !== 1)) {
    const before = all.at(-1);
    if (before?.from === axis.from * axis.length) {
      all[all.length - 1] = { ...axis, length: before.length * axis.length };
    } else all.push(axis);
  }
  return all;
}

/** The axis that is most likely the channels': the shortest of `shape` from axis `from` on, the first of equals. */
export function guessChannelAxis(shape: readonly number[], from: number): number {
  const lengths = shape.slice(from);
  return from + lengths.indexOf(Math.min(...lengths));
}

/** Some channels of an image, in the order given, as an image of their own; the same one if these are all, in order. */
export function takeChannels({
  image,
  channels,
}: {
  readonly image: Image;
  readonly channels: readonly number[];
}): Image {
  const { shape, data } = image;
  const available = shape[3] ?? 1;
  const isAll = channels.length === available && channels.every((one, index) => one === index);
  if (isAll) return image;
  const pixels = data.length / available;
  const out = sharedFloat32(pixels * channels.length);
  const sources = channels.map((start) => ({ data, start, step: available }));
  interleave(sources, pixels, out);
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
  const sources = images.flatMap(({ data }, index) =>
    Array.from({ length: channels[index] ?? 1 }, (_, start) => ({
      data,
      start,
      step: channels[index] ?? 1,
    })),
  );
  interleave(sources, pixels, out);
  return { shape: [...first.shape.slice(0, 3), total], data: out };
}
