import type { PendingRequest } from './pending-request.ts';
import type { WorkItem } from './work-item.ts';

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
