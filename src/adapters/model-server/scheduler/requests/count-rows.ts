import type { PredictRequest } from '../../../../ports.ts';

/** Rows of a request. Throws RangeError, a bug of the caller, if its inputs differ in it or have none. */
export function rowsOf({ inputs }: PredictRequest): number {
  const counts = new Set(Object.values(inputs).map(({ shape }) => shape[0] ?? 0));
  const [rows] = counts;
  if (counts.size !== 1 || rows === undefined || rows < 1) {
    throw new RangeError(`inputs must have equally many rows, got ${[...counts].join(', ')}`);
  }
  return rows;
}
