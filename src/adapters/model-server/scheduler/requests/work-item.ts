import type { PendingRequest } from './pending-request.ts';

/** Rows of one request that travel together: one row, or all of a request that must stay whole. */
export interface WorkItem {
  readonly request: PendingRequest;
  readonly firstRow: number;
  readonly rows: number;
  readonly bytes: number;
  /** When it began to wait, on the monotonic clock. */
  waitingSince: number;
  /** Failed attempts that count against the limit. */
  failures: number;
  /** Failed attempts of any kind. */
  attempts: number;
  /** Address of the server that failed it last; another is preferred. */
  avoid: string | undefined;
}
