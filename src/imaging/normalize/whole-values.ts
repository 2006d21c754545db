import type { ChannelPlane, Range } from '../planes.ts';
import type { Ranked } from './percentile.ts';
import { type RowArena, rowsOf, withRows, wordsOf } from '../wasm/row-kernels.ts';
import type { Scratch } from '../scratch.ts';

/** Numbers of 16 bits. */
const NUMBERS = 65_536;
/** Pixels that are read in one call. */
const CHUNK = 4096;
/** Channels side by side that are read together; of more, most would be read in vain. */
export const MOST_TOGETHER = 4;

/** A plane of whole numbers from 0 to 65535, as cameras give them. */
export interface WholeValues {
  readonly values: Uint16Array;
  /** How many pixels have each value. */
  readonly counts: Int32Array;
}

/**
 * The values of a plane as 16 bits, in `values`, and how often each occurs, in memory of `scratch`; undefined if one is
 * no whole number, or needs more bits. One pass over the plane tells its range, its percentiles and its bins.
 */
export function wholeValues(
  plane: ChannelPlane,
  values: Uint16Array,
  scratch: Scratch,
): WholeValues | undefined {
  const together = plane.step <= MOST_TOGETHER ? plane.step : 1;
  const lengths = [CHUNK * together, CHUNK / 2, 2 * NUMBERS];
  return withRows(rowsOf(lengths), (arena) => {
    const lists = readChunks(arena, lengths, plane, values);
    return lists && { values, counts: addLists(lists, scratch.int32(NUMBERS)) };
  });
}

/** Reads chunk by chunk, through rows of these lengths. Returns two lists of counts, one behind the other. */
function readChunks(
  { kernels, rowOf }: RowArena,
  lengths: readonly number[],
  plane: ChannelPlane,
  values: Uint16Array,
): Int32Array | undefined {
  const [line, found, lists] = lengths.map((length) => rowOf(length, 'zero'));
  const together = line.float32.length / CHUNK;
  const numbers = wordsOf(found, CHUNK);
  const from = line.address + 4 * (together > 1 ? plane.start % plane.step : 0);
  for (let pixel = 0; pixel < values.length; pixel += CHUNK) {
    const count = Math.min(CHUNK, values.length - pixel);
    readPixels(plane, pixel, line.float32.subarray(0, count * together));
    if (!kernels.readWhole(from, together, count, found.address, lists.address)) return undefined;
    values.set(count < CHUNK ? numbers.subarray(0, count) : numbers, pixel);
  }
  return lists.int32;
}

/** How often each value occurs, from both lists. */
function addLists(lists: Int32Array, counts: Int32Array): Int32Array {
  for (let value = 0; value < NUMBERS; value++) {
    counts[value] = lists[value] + lists[NUMBERS + value];
  }
  return counts;
}

/** Copies pixels of a plane from number `pixel` on: with those of the other channels, if the line has room for them. */
function readPixels({ data, start, step }: ChannelPlane, pixel: number, line: Float32Array): void {
  if (step <= MOST_TOGETHER) {
    const first = start - (start % step) + pixel * step;
    line.set(data.subarray(first, first + line.length));
    return;
  }
  for (let x = 0, i = start + pixel * step; x < line.length; x++, i += step) line[x] = data[i];
}

/** The least and the greatest of at least one value. */
export function rangeOfCounts(counts: Int32Array): Range {
  let least = 0;
  let greatest = NUMBERS - 1;
  while (counts[least] === 0) least++;
  while (counts[greatest] === 0) greatest--;
  return { least, greatest };
}

/** The values other than 0, in the order of their size. */
export function rankedAboveZero({ values, counts }: WholeValues): Ranked {
  return { count: values.length - counts[0], at: (rank) => valueAboveZero(counts, rank) };
}

/** The value of a rank among those other than 0. */
function valueAboveZero(counts: Int32Array, rank: number): number {
  let value = 1;
  let before = counts[1];
  while (before <= rank) before += counts[++value];
  return value;
}
