interface Situation {
  /** Whether the batch can take no more. */
  readonly full: boolean;
  /** How long its first row has waited. */
  readonly waitedMs: number;
  /** Calls with the same batch key in flight: when they come back, their callers may bring more rows. */
  readonly sameKeyInFlight: number;
  /** Whether the server has less to do than it can work on at a time. */
  readonly idle: boolean;
  /** The part of a call's time that does not depend on its rows, if known: rows that join it save theirs. */
  readonly fixedMs: number | undefined;
  /** Time to transfer the rows that wait to the server, and their results back. */
  readonly transferMs: number;
  /** Longest wait for more rows while the server could begin. */
  readonly lingerMs: number;
}

/**
 * How long a batch should wait for more rows; 0: send it now, Infinity: until a call comes back. ("Batch while busy",
 * with the short linger of BentoML's dispatcher.) A full batch never waits, nor does one without others of its key in
 * flight. Otherwise waiting saves the fixed time of a call, and costs the time in which its rows could be transferred
 * while the server works on others. At a busy server a batch waits as long as the gain, at an idle one a twentieth.
 */
export function holdMs(situation: Situation): number {
  const { full, sameKeyInFlight, idle, fixedMs, transferMs, lingerMs, waitedMs } = situation;
  if (full || sameKeyInFlight === 0) return 0;
  if (fixedMs === undefined) return idle ? Math.max(0, lingerMs - waitedMs) : Infinity;
  const gainMs = fixedMs - transferMs;
  const patience = idle ? Math.min(lingerMs, gainMs / 20) : gainMs;
  return Math.max(0, Math.round(patience - waitedMs)); // timers know whole milliseconds
}

/**
 * Rows of the next batch, when `rows` wait whose transfer takes `transferMs`, a batch holds at most `mostRows`, and the
 * server takes `slots` more calls. Usually as many as possible go together. But rows whose transfer takes longer than
 * the fixed time of a call are divided among the slots, so that some are computed while others are transferred.
 */
export function rowsToSend(waiting: {
  readonly rows: number;
  readonly mostRows: number;
  readonly slots: number;
  readonly fixedMs: number | undefined;
  readonly transferMs: number;
}): number {
  const { rows, mostRows, slots, fixedMs = Infinity, transferMs } = waiting;
  const calls = Math.min(slots, 1 + Math.floor(transferMs / fixedMs));
  return Math.min(Math.ceil(rows / Math.max(1, calls)), mostRows);
}
