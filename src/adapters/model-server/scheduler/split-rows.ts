import type { PredictRequest } from '../../../ports.ts';
import type { PendingRequest } from './pending-request.ts';
import type { WorkItem } from './work-item.ts';

/** Rows of a request. Throws RangeError, a bug of the caller, if its inputs differ in it or have none. */
export function rowsOf({ inputs }: PredictRequest): number {
  const counts = new Set(Object.values(inputs).map(({ shape }) => shape[0] ?? 0));
  const [rows] = counts;
  if (counts.size !== 1 || rows === undefined || rows < 1) {
    throw new RangeError(`inputs must have equally many rows, got ${[...counts].join(', ')}`);
  }
  return rows;
}

/** The items of a request: its rows one by one, or all of them as one if they must stay together. */
export function splitRows(request: PendingRequest, now: number): WorkItem[] {
  const { splittable, inputs } = request.asked;
  const bytes = Object.values(inputs).reduce((sum, { data }) => sum + data.byteLength, 0);
  const count = splittable ? request.rows : 1;
  return Array.from({ length: count }, (_, firstRow) => ({
    request,
    firstRow,
    rows: request.rows / count,
    bytes: bytes / count,
    waitingSince: now,
    failures: 0,
    attempts: 0,
    avoid: undefined,
  }));
}
