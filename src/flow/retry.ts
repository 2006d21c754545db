import { type KnownError, classify } from '../errors.ts';
import type { Clock } from '../ports.ts';

/** Exponential backoff with jitter, given up when the budget of time is spent. */
export interface RetryPolicy {
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
  /** Time from the first failure after which the error stands. */
  readonly budgetMs: number;
  /** A number in [0, 1); Math.random outside tests. */
  readonly random: () => number;
}

export interface Attempts<Result> {
  readonly attempt: () => Promise<Result>;
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onRetry: (error: KnownError, delayMs: number) => void;
  /** How long attempts have waited for other jobs so far: that costs nothing of the budget. Absent: they never do. */
  readonly waitedMs?: () => number;
}

/** Repeats an attempt while it fails with `unavailable` and the budget lasts; other errors stand at once. */
export async function retryUnavailable<Result>(attempts: Attempts<Result>): Promise<Result> {
  const { attempt, policy, clock, signal, onRetry, waitedMs = () => 0 } = attempts;
  const spentMs = (): number => clock.monotonic() - waitedMs();
  let deadline: number | undefined;
  for (let round = 0; ; round++) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = classify(thrown);
      deadline ??= spentMs() + policy.budgetMs;
      const delayMs = backoff(policy, round);
      const spent = spentMs() + delayMs > deadline;
      if (error.kind !== 'unavailable' || spent || signal.aborted) throw error;
      onRetry(error, delayMs);
      await clock.sleep(delayMs, signal);
    }
  }
}

/** AWS Architecture Blog, "Exponential Backoff And Jitter" (2015): half of the delay is fixed, half random. */
export function backoff(policy: RetryPolicy, round: number): number {
  const ceiling = Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** Math.min(round, 30));
  return ceiling * (0.5 + 0.5 * policy.random());
}
