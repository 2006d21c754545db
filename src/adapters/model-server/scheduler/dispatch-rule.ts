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
  /** Longest wait for more rows while the server could begin. */
  readonly lingerMs: number;
}

/**
 * How long a batch should wait for more rows; 0: it goes now, Infinity: until something comes back. ("Batch while
 * busy", with the short linger of BentoML's dispatcher.) A full batch never waits, nor a lone one. Another goes to an
 * idle server after a twentieth of its own duration; while the server is busy anyway it would only stand in line
 * there half empty, so it waits for the rows of the calls in flight, but no longer than one of them takes.
 */
export function holdMs(situation: Situation): number {
  const { full, companions, idle, expectedMs = Infinity, lingerMs, waitedMs } = situation;
  if (full || companions === 0) return 0;
  const patience = idle ? Math.min(lingerMs, expectedMs / 20) : expectedMs;
  return Math.max(0, patience - waitedMs);
}
