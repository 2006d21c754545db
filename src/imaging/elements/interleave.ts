import { type Row, type RowArena, rowsOf, withRows } from '../row-kernels.ts';

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
  const isFloat = sources[0].data instanceof Float32Array;
  const lengths = [CHUNK * step, ...sources.map((source) => CHUNK * source.step)];
  withRows(rowsOf(lengths), ({ kernels, rowOf }) => {
    const [merged, ...lines] = lengths.map((length) => rowOf(length, 'zero'));
    const result = isFloat ? merged.float32 : merged.int32;
    for (let first = 0; first < count; first += CHUNK) {
      const width = Math.min(CHUNK, count - first);
      for (let at = 0; at < step; at++) readElements(sources[at], first, width, lines[at]);
      merge(kernels, sources, lines, { width, merged });
      target.set(result.subarray(0, width * step), start + first * step);
    }
  });
}

/** Copies elements of a source, from number `first` on, and what stands between them. */
function readElements(
  { data, start, step }: Elements,
  first: number,
  width: number,
  line: Row,
): void {
  const from = start + first * step;
  const all = data.subarray(from, from + (width - 1) * step + 1);
  if (all instanceof Float32Array) line.float32.set(all);
  else line.int32.set(all);
}

function merge(
  kernels: RowArena['kernels'],
  sources: readonly Elements[],
  lines: readonly Row[],
  { width, merged }: { readonly width: number; readonly merged: Row },
): void {
  if (sources.length === 2 && sources.every(({ step }) => step === 1)) {
    kernels.zipElements(lines[0].address, lines[1].address, width, merged.address);
    return;
  }
  sources.forEach(({ step }, at) => {
    const into = merged.address + 4 * at;
    kernels.moveElements(lines[at].address, step, width, into, sources.length);
  });
}

/** Copies elements one by one. */
export function copyElements(from: Elements, to: Elements, count: number): void {
  const [source, target] = [from.data, to.data];
  let [at, into] = [from.start, to.start];
  for (let n = 0; n < count; n++, at += from.step, into += to.step) target[into] = source[at];
}
