import { type Row, type RowArena, rowsOf, withRows } from '../wasm/row-kernels.ts';

type Data = Float32Array | Int32Array;

/** Elements of an array at equal distances. */
export interface Elements {
  readonly data: Data;
  readonly start: number;
  readonly step: number;
}

/** Elements of each source that are copied at once. */
const CHUNK = 4096;
/** Sources side by side, or elements between two of a source, that pay off to be copied through the kernels. */
const MOST = 4;

/** Writes `count` elements of each source in turns, as numbers of the target, from its place `start` on. */
export function interleave(
  sources: readonly Elements[],
  count: number,
  target: Data,
  start = 0,
): void {
  const step = sources.length;
  if (step > MOST || sources.some((source) => source.step > MOST)) {
    sources.forEach((from, at) => {
      copyElements(from, { data: target, start: start + at, step }, count);
    });
    return;
  }
  const lengths = [CHUNK * step, ...sources.map((source) => CHUNK * source.step + 1)];
  withRows(rowsOf(lengths), (arena) => {
    mergeChunks(arena, lengths, sources, { count, target, start });
  });
}

/** Where interleaved elements go, and how many of each source. */
interface Merged {
  readonly count: number;
  readonly target: Data;
  readonly start: number;
}

/** Interleaves elements chunk by chunk, through rows of these lengths. */
function mergeChunks(
  { kernels, rowOf }: RowArena,
  lengths: readonly number[],
  sources: readonly Elements[],
  { count, target, start }: Merged,
): void {
  const step = sources.length;
  const [merged, ...rows] = lengths.map((length) => rowOf(length, 'zero'));
  const result = viewOf(sources[0].data, merged);
  const lines = sources.map((source, at) => lineOf(source, rows[at]));
  for (let first = 0; first < count; first += CHUNK) {
    const width = Math.min(CHUNK, count - first);
    for (let at = 0; at < step; at++) readElements(sources[at], first, width, lines[at].values);
    merge(kernels, lines, width, merged.address);
    target.set(result.subarray(0, width * step), start + first * step);
  }
}

/** Elements of a source, and what stands between them, in the memory of the kernels. */
interface Line {
  readonly values: Data;
  readonly address: number;
  readonly step: number;
}

/**
 * A place for the elements of a source that is as far from a multiple of eight bytes as they are: the engine copies
 * shared memory byte by byte where that differs.
 */
function lineOf({ data, start, step }: Elements, row: Row): Line {
  const behind = (data.byteOffset / 4 + start) % 2;
  const values = viewOf(data, row).subarray(behind);
  return { values, address: row.address + 4 * behind, step };
}

function viewOf(like: Data, { float32, int32 }: Row): Data {
  return like instanceof Float32Array ? float32 : int32;
}

/** Copies elements of a source, from number `first` on, and what stands between them. */
function readElements(
  { data, start, step }: Elements,
  first: number,
  width: number,
  values: Data,
): void {
  const from = start + first * step;
  values.set(data.subarray(from, from + (width - 1) * step + 1));
}

function merge(
  kernels: RowArena['kernels'],
  lines: readonly Line[],
  width: number,
  target: number,
): void {
  if (lines.length === 2 && lines[0].step === 1 && lines[1].step === 1) {
    kernels.zipElements(lines[0].address, lines[1].address, width, target);
    return;
  }
  for (let at = 0; at < lines.length; at++) {
    const { address, step } = lines[at];
    kernels.moveElements(address, step, width, target + 4 * at, lines.length);
  }
}

/** Copies elements one by one. */
export function copyElements(from: Elements, to: Elements, count: number): void {
  const [source, target] = [from.data, to.data];
  let [at, into] = [from.start, to.start];
  for (let n = 0; n < count; n++, at += from.step, into += to.step) target[into] = source[at];
}
