import { INFINITE, keyOf, valueOf } from './ordered-bits.ts';
import { type RowArena, rowsOf, withRows } from './wasm/row-kernels.ts';

/** The range of values that are numbers, and whether some are not. */
export interface Extent {
  readonly least: number;
  readonly greatest: number;
  readonly hasGaps: boolean;
}

/** Values that are looked at in one call; a whole number of fours. */
const CHUNK = 4096;

/** Values that the kernel looks at at once. */
const LANES = 4;

/** Finds the least and the greatest value; `Infinity` and `-Infinity` if there are no numbers. */
export function extentOf(values: Float32Array): Extent {
  return extentOfChannel(values, 0, 1);
}

/** The same of one of several channels, whose values stand side by side. */
export function extentOfChannel(values: Float32Array, channel: number, channels: number): Extent {
  const lanes = LANES % channels === 0 ? extremeKeys(values, channels) : undefined;
  return joined(lanes, channel, channels) ?? extentOfNumbers(values, channel, channels);
}

/** The same of each channel. */
export function extentsOf(values: Float32Array, channels: number): Extent[] {
  const lanes = LANES % channels === 0 ? extremeKeys(values, channels) : undefined;
  return Array.from(
    { length: channels },
    (_, channel) => joined(lanes, channel, channels) ?? extentOfNumbers(values, channel, channels),
  );
}

interface Lane {
  readonly least: number;
  readonly greatest: number;
}

/** The extent of the lanes that hold a channel; undefined if some of its values are no numbers. */
function joined(
  lanes: readonly Lane[] | undefined,
  channel: number,
  channels: number,
): Extent | undefined {
  if (lanes === undefined) return undefined;
  const own = lanes.filter((_, index) => index % channels === channel);
  const least = Math.min(...own.map((lane) => lane.least));
  const greatest = Math.max(...own.map((lane) => lane.greatest));
  if (greatest > INFINITE || least < keyOf(-Infinity)) return undefined;
  return { least: valueOf(least), greatest: valueOf(greatest), hasGaps: false };
}

/** The extreme keys of every fourth value. Keys of NaN are beyond those of the infinities, on either side. */
function extremeKeys(values: Float32Array, channels: number): Lane[] {
  return withRows(rowsOf([CHUNK, 2 * LANES]), (arena) => {
    const extremes = widenOverChunks(arena, values, channels);
    return Array.from({ length: LANES }, (_, lane) => ({
      least: extremes[lane],
      greatest: extremes[LANES + lane],
    }));
  });
}

/** The least key of each lane, then the greatest of each. */
function widenOverChunks(
  { kernels, rowOf }: RowArena,
  values: Float32Array,
  channels: number,
): Int32Array {
  const line = rowOf(CHUNK, 'zero');
  const extent = rowOf(2 * LANES, 'zero');
  extent.int32.fill(keyOf(Infinity), 0, LANES).fill(keyOf(-Infinity), LANES);
  for (let start = 0; start < values.length; start += CHUNK) {
    const chunk = values.subarray(start, start + CHUNK);
    line.float32.set(chunk);
    // What does not fill four values is filled up with those of the same channels.
    for (let at = chunk.length; at % LANES > 0; at++) line.float32[at] = chunk[at % channels];
    kernels.widenExtent(line.address, chunk.length, extent.address);
  }
  return extent.int32;
}

function extentOfNumbers(values: Float32Array, first: number, step: number): Extent {
  let least = Infinity;
  let greatest = -Infinity;
  let hasGaps = false;
  for (let i = first; i < values.length; i += step) {
    const value = values[i];
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    if (value !== value) hasGaps = true;
  }
  return { least, greatest, hasGaps };
}
