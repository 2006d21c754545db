import { type ChannelPlane, type Range, readRow } from '../planes.ts';
import { type RowArena, bytesOf, rowsOf, withRows, wordsOf } from '../wasm/row-kernels.ts';

/** Grey levels that CLAHE works with; the greatest is one less. */
export const GREY_LEVELS = 16_384;
/** Grey levels in a bin of a histogram; so only 253 of its 256 bins occur. */
const BIN_WIDTH = 65;
const GREATEST_16_BIT = 65_535;
/** From here on up, 16 bits more still fit into an int32. */
const LARGEST_LEAST = 2 ** 30;
/** Pixels that are looked up or stretched in one call. */
const CHUNK = 4096;
/** Rows for a chunk of numbers, for their bins, and for the bins of all numbers. */
const WHOLE_LENGTHS = [CHUNK / 2, CHUNK / 4, (GREATEST_16_BIT + 1) / 4];
/**
 * Adding and subtracting it rounds a positive double below 2^51 to the nearest integer, ties to
 * even.
 */
const ROUND = 2 ** 52;

/** The histogram bin of each 16-bit level: stretched to 14 bits, then divided into bins. */
const BIN_OF_LEVEL = Uint8Array.from({ length: GREATEST_16_BIT + 1 }, (_, level) => {
  const grey = (level / GREATEST_16_BIT) * (GREY_LEVELS - 1) + ROUND - ROUND;
  return grey / BIN_WIDTH;
});

/**
 * The histogram bin of each pixel, after the plane was stretched from `range` to 0..1 in float32
 * and rounded to 16 bits. Values above the range count as its greatest, none may be below it. All
 * bins are 0 if the range is not finite.
 */
export function greyBins(plane: ChannelPlane, range: Range, bins: Uint8Array): void {
  if (!Number.isFinite(Math.fround(range.greatest - range.least))) bins.fill(0);
  else if (!tabulatedBins(plane, range, bins)) computedBins(plane, range, bins);
}

/** The same of whole numbers from 0 to 65535. */
export function wholeBins(values: Uint16Array, range: Range, bins: Uint8Array): void {
  withRows(rowsOf(WHOLE_LENGTHS), (arena) => binWholeChunks(arena, values, range, bins));
}

/** Looks up the bins of whole numbers, chunk by chunk. */
function binWholeChunks(
  { kernels, rowOf }: RowArena,
  values: Uint16Array,
  { least, greatest }: Range,
  bins: Uint8Array,
): void {
  const width = Math.fround(greatest - least);
  const [numbers, found, entries] = WHOLE_LENGTHS.map((length) => rowOf(length, 'zero'));
  const [some, line] = [wordsOf(numbers, CHUNK), bytesOf(found, CHUNK)];
  const table = bytesOf(entries, GREATEST_16_BIT + 1).fill(binOf(greatest, least, width));
  for (let value = least; value < greatest; value++) table[value] = binOf(value, least, width);
  for (let pixel = 0; pixel < values.length; pixel += CHUNK) {
    const count = Math.min(CHUNK, values.length - pixel);
    some.set(values.subarray(pixel, pixel + count));
    kernels.binWhole(numbers.address, count, entries.address, found.address);
    bins.set(line.subarray(0, count), pixel);
  }
}

function computedBins({ data, start, step }: ChannelPlane, range: Range, bins: Uint8Array): void {
  const { least, greatest } = range;
  const width = Math.fround(greatest - least);
  for (let pixel = 0, i = start; pixel < bins.length; pixel++, i += step) {
    const value = data[i];
    bins[pixel] = binOf(value > greatest ? greatest : value, least, width);
  }
}

/**
 * A table pays off for the integers of a camera. Gives up, and returns false, at the first row with a value
 * that is none.
 */
function tabulatedBins(plane: ChannelPlane, range: Range, bins: Uint8Array): boolean {
  const least = range.least | 0;
  if (least !== range.least || Math.abs(least) > LARGEST_LEAST) return false;
  if (range.greatest - least > GREATEST_16_BIT) return false;
  const table = { least, bins: binTable(range) };
  const lengths = [plane.columns, plane.columns / 4, table.bins.length / 4].map(Math.ceil);
  return withRows(rowsOf(lengths), (arena) => lookUpRows(arena, lengths, { plane, table }, bins));
}

interface Tabulated {
  readonly plane: ChannelPlane;
  /** The bin of each integer from the least on. */
  readonly table: { readonly least: number; readonly bins: Uint8Array };
}

/** Looks up row by row, through rows of these lengths; false at the first with a value that is no integer. */
function lookUpRows(
  { kernels, rowOf }: RowArena,
  lengths: readonly number[],
  { plane, table }: Tabulated,
  bins: Uint8Array,
): boolean {
  const { rows, columns } = plane;
  const [values, found, entries] = lengths.map((length) => rowOf(length, 'zero'));
  bytesOf(entries, table.bins.length).set(table.bins);
  const line = bytesOf(found, columns);
  const last = table.bins.length - 1;
  for (let y = 0; y < rows; y++) {
    readRow(plane, y, values.float32);
    const [from, into] = [values.address, found.address];
    const areWhole = kernels.lookUpBins(from, columns, table.least, last, entries.address, into);
    if (areWhole === 0) return false;
    bins.set(line, y * columns);
  }
  return true;
}

/**
 * The bin of each integer from the least value on; the last stands for the greatest value and all
 * above.
 */
function binTable({ least, greatest }: Range): Uint8Array {
  const width = Math.fround(greatest - least);
  const table = new Uint8Array(Math.ceil(greatest - least) + 1);
  for (let offset = 0; offset < table.length; offset++) {
    table[offset] = binOf(Math.min(least + offset, greatest), least, width);
  }
  return table;
}

function binOf(value: number, least: number, width: number): number {
  const stretched = Math.fround(Math.fround(value - least) / width);
  return BIN_OF_LEVEL[(Math.fround(stretched * GREATEST_16_BIT) + ROUND - ROUND) | 0];
}

/** Grey levels of a plane, cut off to whole numbers, and their range before. */
export interface GreyLevels {
  readonly levels: Uint16Array;
  readonly range: Range;
}

/**
 * Writes the grey levels of neighbouring channels, of the image's only channel or of one alone, stretched to 0..1:
 * float32, rounded as numpy does it. A single level is cut to 0..1 instead. The first channel goes to `to`; where
 * there are no levels, there are zeros.
 */
export function stretchLevels(
  channels: readonly (GreyLevels | undefined)[],
  to: ChannelPlane,
): void {
  const lengths = [CHUNK / 2, CHUNK * channels.length];
  withRows(rowsOf(lengths), (arena) => stretchChunks(arena, lengths, channels, to));
}

/** Stretches chunk by chunk, through rows of these lengths. */
function stretchChunks(
  { kernels, rowOf }: RowArena,
  lengths: readonly number[],
  channels: readonly (GreyLevels | undefined)[],
  to: ChannelPlane,
): void {
  const step = channels.length;
  const pixels = to.rows * to.columns;
  const [words, line] = lengths.map((length) => rowOf(length, 'zero'));
  const some = wordsOf(words, CHUNK);
  const parts = channels.flatMap((channel, at) =>
    channel ? [{ ...stretchOf(channel), output: line.address + 4 * at }] : [],
  );
  for (let pixel = 0; pixel < pixels; pixel += CHUNK) {
    const count = Math.min(CHUNK, pixels - pixel);
    for (const { levels, least, width, output } of parts) {
      some.set(levels.subarray(pixel, pixel + count));
      kernels.stretchLevels(words.address, count, least, width, output, step);
    }
    writePixels(line.float32.subarray(0, count * step), to, pixel, step);
  }
}

/** What the kernel takes off the levels and divides them by. Of a single level, 0 or 1 is left. */
function stretchOf({ levels, range }: GreyLevels): {
  levels: Uint16Array;
  least: number;
  width: number;
} {
  const least = Math.trunc(range.least);
  const width = Math.trunc(range.greatest) - least;
  return width > 0
    ? { levels, least, width }
    : { levels, least: least - Math.min(least, 1), width: 1 };
}

/** Writes pixels of `channels` neighbouring channels from number `pixel` on. */
function writePixels(
  line: Float32Array,
  { data, start, step }: ChannelPlane,
  pixel: number,
  channels: number,
): void {
  const first = start + pixel * step;
  if (step === channels) data.set(line, first);
  else for (let x = 0, i = first; x < line.length; x++, i += step) data[i] = line[x];
}
