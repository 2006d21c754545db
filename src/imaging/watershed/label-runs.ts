import type { PlaneSize } from '../plane.ts';
import { type RowArena, rowsOf, withRows } from '../wasm/row-kernels.ts';

/** Pixels that are looked at in one call. */
const CHUNK = 16_384;

/** Pixels behind a row that the kernel reads. */
const BEHIND = 16;

/** A row in runs of equal labels, one behind the other. */
export interface Runs {
  /** Where its first pixel stands. */
  readonly start: number;
  readonly count: number;
  /** The column behind the last pixel of each run; the array holds more than these. */
  readonly ends: Int32Array;
}

/**
 * Visits the rows of a plane of labels with their runs, and those of the row above. There are far fewer runs than
 * pixels, so that what can be said of runs is found faster so.
 */
export function forEachRow(labels: Int32Array, size: PlaneSize, visit: Visit): void {
  const { columns } = size;
  const lengths = [rowsAtOnce(columns) * columns + BEHIND, columns, columns];
  withRows(rowsOf(lengths), (arena) => visitRows(labels, size, visit, arena));
}

function rowsAtOnce(columns: number): number {
  return Math.max(1, Math.floor(CHUNK / columns));
}

type Visit = (runs: Runs, above: Runs) => void;

function visitRows(
  labels: Int32Array,
  { rows, columns }: PlaneSize,
  visit: Visit,
  { kernels, rowOf }: RowArena,
): void {
  const most = rowsAtOnce(columns);
  const chunk = rowOf(most * columns + BEHIND, 'zero');
  let [place, placeAbove] = [rowOf(columns, 'zero'), rowOf(columns, 'zero')];
  let above: Runs = { start: 0, count: 0, ends: placeAbove.int32 };
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    const line = row % most;
    if (line === 0) chunk.int32.set(labels.subarray(start, start + most * columns));
    const address = chunk.address + 4 * line * columns;
    const count = kernels.findRunEnds(address, columns, place.address);
    const runs = { start, count, ends: place.int32 };
    visit(runs, above);
    above = runs;
    [place, placeAbove] = [placeAbove, place];
  }
}
