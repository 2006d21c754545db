interface Situation {
  /** Whether the batch can take no more. */
  readonly full: boolean;
  /** How long its first row has waited. */
  readonly waitedMs: number;
  /** Calls of the same kind in flight: when they come back, their callers may bring more rows. */
  readonly companions: number;
  /** Whether the server has less to do than it can work on at a time. */
  readonly idle: boolean;
  /** What the call is going to take, if known. */
  readonly expectedMs: number | undefined;
  /** Share of that which does not depend on the rows: it is saved when other rows come along. */
  readonly fixedShare: number;
  /** Longest wait for more rows while the server could begin. */
  readonly lingerMs: number;
}

/**
 * How long a batch should wait for more rows; 0: it goes now, Infinity: until something comes back. ("Batch while
 * busy", with the short linger of BentoML's dispatcher.) A full batch never waits, nor a lone one. Another goes to an
 * idle server after a twentieth of its own duration; while the server is busy anyway it would only stand in line
 * there half empty, so it waits for the rows of the calls in flight, but no longer than one of them takes. All that
 * as far as it pays: where each row costs the same, together or alone, nothing is gained by waiting.
 */
export function holdMs(situation: Situation): number {
  const { full, companions, idle, expectedMs, fixedShare, lingerMs, waitedMs } = situation;
  if (full || companions === 0) return 0;
  if (expectedMs === undefined) return idle ? Math.max(0, lingerMs - waitedMs) : Infinity;
  const patience = idle ? Math.min(lingerMs, expectedMs / 20) : expectedMs;
  return Math.max(0, Math.ceil(patience * fixedShare - waitedMs)); // timers know whole milliseconds
}

/** Fixed share of the duration of a call up to which it may be divided. */
const DIVISIBLE = 0.1;

/**
 * Rows of the next batch, when `rows` wait, a batch holds at most `mostRows`, and the server takes `slots` more calls.
 * Where each row costs the same, together or alone, the rows are shared out among the slots, so that some are
 * computed while others travel; else as many as possible go together.
 */
export function rowsToSend(waiting: {
  readonly rows: number;
  readonly mostRows: number;
  readonly slots: number;
  readonly fixedShare: number;
}): number {
  const { rows, mostRows, slots, fixedShare } = waiting;
  const share = fixedShare <= DIVISIBLE ? Math.ceil(rows / Math.max(1, slots)) : rows;
  return Math.min(share, mostRows);
}
