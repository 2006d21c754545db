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
  const out = sharedFloat32(data.length);
  const moved = axes.map((axis, index) => ({
    length: shape[axis] ?? 1,
    from: sizeOf(shape.slice(axis + 1)),
    to: sizeOf(axes.slice(index + 1).map((later) => shape[later] ?? 1)),
  }));
  // Lines along the longer of the axes that vary fastest before and after: then there are few of them.
  const [before, after] = [
    moved.findLast(({ from, length }) => from === 1 && length > 1),
    moved.at(-1),
  ];
  const line = (before?.length ?? 0) > (after?.length ?? 0) ? before : after;
  const others = moved.filter((axis) => axis !== line);
  const lines = sizeOf(others.map(({ length }) => length));
  for (let index = 0; index < lines; index++) {
    let [rest, from, to] = [index, 0, 0];
    for (const axis of others.toReversed()) {
      const place = rest % axis.length;
      rest = (rest - place) / axis.length;
      from += place * axis.from;
      to += place * axis.to;
    }
    const source = { data, start: from, step: line?.from ?? 1 };
    copyElements(source, { data: out, start: to, step: line?.to ?? 1 }, line?.length ?? 1);
  }
  return out;
}

/** Elements of an array at equal distances. */
interface Elements<Data extends Float32Array | Int32Array> {
  readonly data: Data;
  readonly start: number;
  readonly step: number;
}

function copyElements<Data extends Float32Array | Int32Array>(
  from: Elements<Data>,
  to: Elements<Data>,
  count: number,
): void {
  const [source, target] = [from.data, to.data];
  let [at, into] = [from.start, to.start];
  for (let n = 0; n < count; n++, at += from.step, into += to.step) target[into] = source[at];
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
  const step = channels.length;
  channels.forEach((start, index) => {
    copyElements({ data, start, step: available }, { data: out, start: index, step }, pixels);
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
    const step = channels[index] ?? 1;
    for (let start = 0; start < step; start++) {
      copyElements({ data, start, step }, { data: out, start: offset++, step: total }, pixels);
    }
  });
  return { shape: [...first.shape.slice(0, 3), total], data: out };
}
