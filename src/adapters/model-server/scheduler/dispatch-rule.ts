interface Situation {
  /** Whether the batch can take no more. */
  readonly full: boolean;
  /** How long its first row has waited. */
  readonly waitedMs: number;
  /** Calls of the same kind in flight: when they come back, their callers may bring more rows. */
  readonly companions: number;
  /** Whether the server has less to do than it can work on at a time. */
  readonly idle: boolean;
  /** The part of a call's time that does not depend on its rows, if known: other rows that come along save theirs. */
  readonly fixedMs: number | undefined;
  /** The time in which the rows that wait come to the server, and their results back. */
  readonly travelMs: number;
  /** Longest wait for more rows while the server could begin. */
  readonly lingerMs: number;
}

/**
 * How long a batch should wait for more rows; 0: it goes now, Infinity: until something comes back. ("Batch while
 * busy", with the short linger of BentoML's dispatcher.) A full batch never waits, nor a lone one. For another, the
 * gain is the fixed time of a call; what it loses is the time in which its rows could travel while the server works on
 * others. While the server is busy anyway it waits as long as the gain, at an idle one for a twentieth of that.
 */
export function holdMs(situation: Situation): number {
  const { full, companions, idle, fixedMs, travelMs, lingerMs, waitedMs } = situation;
  if (full || companions === 0) return 0;
  if (fixedMs === undefined) return idle ? Math.max(0, lingerMs - waitedMs) : Infinity;
  const gainMs = fixedMs - travelMs;
  const patience = idle ? Math.min(lingerMs, gainMs / 20) : gainMs;
  return Math.max(0, Math.round(patience - waitedMs)); // timers know whole milliseconds
}

/**
 * Rows of the next batch, when `rows` wait that travel for `travelMs`, a batch holds at most `mostRows`, and the server
 * takes `slots` more calls. Usually as many as possible go together. But those that travel longer than the fixed time
 * of a call are shared out among the slots, so that some are computed while others travel.
 */
export function rowsToSend(waiting: {
  readonly rows: number;
  readonly mostRows: number;
  readonly slots: number;
  readonly fixedMs: number | undefined;
  readonly travelMs: number;
}): number {
  const { rows, mostRows, slots, fixedMs = Infinity, travelMs } = waiting;
  const calls = Math.min(slots, 1 + Math.floor(travelMs / fixedMs));
  return Math.min(Math.ceil(rows / Math.max(1, calls)), mostRows);
}
