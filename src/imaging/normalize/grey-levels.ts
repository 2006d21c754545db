import { type ChannelPlane, type Range, readRow } from '../planes.ts';
import { bytesOf, rowsOf, withRows } from '../row-kernels.ts';

/** Grey levels that CLAHE works with; the greatest is one less. */
export const GREY_LEVELS = 16_384;
/** Grey levels in a bin of a histogram; so only 253 of its 256 bins occur. */
const BIN_WIDTH = 65;
const GREATEST_16_BIT = 65_535;
/** From here on up, 16 bits more still fit into an int32. */
const LARGEST_LEAST = 2 ** 30;
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
  const { rows, columns } = plane;
  const least = range.least | 0;
  if (least !== range.least || Math.abs(least) > LARGEST_LEAST) return false;
  if (range.greatest - least > GREATEST_16_BIT) return false;
  const table = binTable(range);
  const lengths = [columns, columns / 4, table.length / 4].map(Math.ceil);
  return withRows(rowsOf(lengths), ({ kernels, rowOf }) => {
    const [values, found, entries] = lengths.map((length) => rowOf(length, 'zero'));
    bytesOf(entries, table.length).set(table);
    const line = bytesOf(found, columns);
    const last = table.length - 1;
    for (let y = 0; y < rows; y++) {
      readRow(plane, y, values.float32);
      const [from, into] = [values.address, found.address];
      const areWhole = kernels.lookUpBins(from, columns, least, last, entries.address, into);
      if (areWhole === 0) return false;
      bins.set(line, y * columns);
    }
    return true;
  });
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

/**
 * Writes grey levels stretched to 0..1: float32, rounded as numpy does it. A single level is cut to
 * 0..1 instead.
 */
export function stretchLevels(levels: Uint16Array, range: Range, to: ChannelPlane): void {
  const least = Math.trunc(range.least);
  const width = Math.trunc(range.greatest) - least;
  const stretched = new Float32Array(GREY_LEVELS);
  for (let level = least; level <= least + width; level++) {
    stretched[level] = width === 0 ? Math.min(level, 1) : (level - least) / width;
  }
  const { data, start, step } = to;
  for (let pixel = 0, i = start; pixel < levels.length; pixel++, i += step) {
    data[i] = stretched[levels[pixel]];
  }
}
