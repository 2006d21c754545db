interface BackoffOptions {
  /** The longest pause; the first is a tenth of it. */
  readonly longestMs: number;
  /** A number in [0, 1); Math.random outside tests. */
  readonly random: () => number;
}

/**
 * Milliseconds to wait before attempt `round` + 1: doubles with each round; half of it fixed, half random.
 * AWS Architecture Blog, "Exponential Backoff And Jitter" (2015).
 */
export function backoffMs(round: number, { longestMs, random }: BackoffOptions): number {
  const ceiling = Math.min(longestMs, (longestMs / 10) * 2 ** Math.min(round, 30));
  return ceiling * (0.5 + 0.5 * random());
}
