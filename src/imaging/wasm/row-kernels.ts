import { ROW_KERNELS } from './row-kernels-wasm.ts';
import { type LabelKernels, labelKernels } from './label-kernels.ts';

/** The kernels of wasm/row-kernels.ts. Rows are given by their addresses, lengths in pixels. */
interface RowKernels {
  readonly memory: WebAssembly.Memory;
  readonly widenRow: (row: number, width: number, output: number) => void;
  readonly sumTaps: (
    taps: number,
    weights: number,
    radius: number,
    width: number,
    output: number,
    asFloat64: number,
  ) => void;
  readonly widenExtent: (row: number, width: number, extent: number) => void;
  readonly lookUpBins: (
    values: number,
    width: number,
    least: number,
    last: number,
    table: number,
    bins: number,
  ) => number;
  readonly blendLevels: (
    bins: number,
    corners: number,
    across: number,
    upper: number,
    lower: number,
    width: number,
    levels: number,
    extent: number,
  ) => void;
  readonly readWhole: (
    values: number,
    step: number,
    width: number,
    wholes: number,
    counts: number,
  ) => number;
  readonly binWhole: (wholes: number, width: number, table: number, bins: number) => void;
  readonly countRegions: (bins: number, length: number, regions: number, lists: number) => void;
  readonly blendWholeLevels: (
    bins: number,
    spans: number,
    count: number,
    across: number,
    upper: number,
    lower: number,
    scale: number,
    levels: number,
    extent: number,
  ) => void;
  readonly stretchLevels: (
    levels: number,
    width: number,
    least: number,
    range: number,
    output: number,
    step: number,
  ) => void;
  readonly joinTiles: (
    tiles: number,
    tileStep: number,
    count: number,
    length: number,
    stride: number,
    depth: number,
    ramps: number,
    line: number,
    kept: number,
  ) => void;
  readonly addTiles: (
    tiles: number,
    tileStep: number,
    count: number,
    length: number,
    stride: number,
    depth: number,
    weight: number,
    tapers: number,
    sums: number,
    kept: number,
  ) => void;
  readonly roundSums: (sums: number, count: number, line: number) => void;
  readonly moveElements: (
    source: number,
    from: number,
    width: number,
    target: number,
    to: number,
  ) => void;
  readonly zipElements: (first: number, second: number, width: number, target: number) => void;
  readonly areFinite: (values: number, width: number) => number;
}

const bytes = Uint8Array.from(atob(ROW_KERNELS), (character) => character.charCodeAt(0));
// The module is compiled from the source that the interface describes; a test compares both.
const ownKernels = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as RowKernels;
const kernels: RowKernels & LabelKernels = { ...ownKernels, ...labelKernels(ownKernels.memory) };

/** Pixels before and behind each row that kernels may read and write. */
const MARGIN = 4;
const PAGE = 65_536;

/** A row of pixels in the memory of the kernels, in its two meanings. */
export interface Row {
  readonly address: number;
  readonly float32: Float32Array;
  readonly int32: Int32Array;
}

/** What stands in new rows, and before and behind all rows that nothing is written to. */
export type RowFilling = 'zero' | 'not a number' | 'lowest';

const BITS: Readonly<Record<RowFilling, number>> = {
  zero: 0,
  'not a number': 0x7fc00000,
  lowest: -0x80000000,
};

/** Gives out rows in the memory of the kernels. */
export interface RowArena {
  readonly kernels: RowKernels & LabelKernels;
  readonly row: (filling: RowFilling) => Row;
  /** A row of another length. */
  readonly rowOf: (length: number, filling: RowFilling) => Row;
}

/** Where the next row goes; 0 while nobody uses the memory. */
let top = 0;

/**
 * Lends rows until `work` returns: at most `count` of `width` pixels altogether. There is one memory for
 * each thread, so that calls cannot nest.
 */
export function withRows<Result>(
  { count, width }: { readonly count: number; readonly width: number },
  work: (arena: RowArena) => Result,
): Result {
  if (top > 0) throw new Error('The memory of the row kernels is in use.');
  top = PAGE;
  reserve(top + count * 4 * (width + 2 * MARGIN + 4));
  try {
    return work({
      kernels,
      row: (filling) => addRow(width, filling),
      rowOf: addRow,
    });
  } finally {
    top = 0;
  }
}

/** Room for rows of these lengths, as `withRows` wants it. */
export function rowsOf(lengths: readonly number[]): { count: number; width: number } {
  const width = lengths.reduce((sum, length) => sum + Math.ceil(length) + 2 * MARGIN + 4, 0);
  return { count: 1, width };
}

/* A row of other elements, where its kernel says so. */

export function bytesOf({ address, int32 }: Row, length: number): Uint8Array {
  return new Uint8Array(int32.buffer, address, length);
}

export function wordsOf({ address, int32 }: Row, length: number): Uint16Array {
  return new Uint16Array(int32.buffer, address, length);
}

export function doublesOf({ address, int32 }: Row, length: number): Float64Array {
  return new Float64Array(int32.buffer, address, length);
}

function reserve(size: number): void {
  const missing = Math.ceil((size - kernels.memory.buffer.byteLength) / PAGE);
  if (missing > 0) kernels.memory.grow(missing);
}

function addRow(length: number, filling: RowFilling): Row {
  const { buffer } = kernels.memory;
  const address = top + 4 * MARGIN;
  top = Math.ceil((address + 4 * (length + MARGIN)) / 16) * 16;
  if (top > buffer.byteLength) throw new Error('More rows were asked for than were reserved.');
  new Int32Array(buffer, address - 4 * MARGIN, length + 2 * MARGIN).fill(BITS[filling]);
  return {
    address,
    float32: new Float32Array(buffer, address, length),
    int32: new Int32Array(buffer, address, length),
  };
}
