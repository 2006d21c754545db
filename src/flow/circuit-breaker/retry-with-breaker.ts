import { KnownError, classify } from '../../errors.ts';
import { type Attempts, backoff } from '../retry.ts';
import type { Admission, CircuitBreaker } from './circuit-breaker.ts';

interface BreakerAttempts<Result> extends Omit<Attempts<Result>, 'attempt'> {
  readonly attempt: (admission: Admission) => Promise<Result>;
  readonly breaker: CircuitBreaker;
  /** The key of the job that tries. */
  readonly job: string;
}

/**
 * Repeats an attempt while the remote is unavailable, as its breaker allows. Who is at fault decides how it ends once
 * the budget is spent: the job fails if the remote served other jobs meanwhile, and goes back to its queue with
 * `remote_outage` if it served nobody. A job that the remote refuses fails as soon as it serves another.
 */
export async function retryWithBreaker<Result>(attempts: BreakerAttempts<Result>): Promise<Result> {
  const { attempt, breaker, clock, job, policy, signal, waitedMs = () => 0 } = attempts;
  /** Not counting what attempts have waited for other jobs. */
  let deadline: number | undefined;
  let last: KnownError | undefined;
  try {
    for (let round = 0; ; round++) {
      const until =
        deadline === undefined ? clock.monotonic() + policy.budgetMs : deadline + waitedMs();
      const admission = await breaker.admit(job, until, signal);
      if (admission === undefined) throw last ? standing(last, attempts) : breaker.outage();
      try {
        const result = await attempt(admission);
        admission.succeeded();
        return result;
      } catch (thrown) {
        last = classify(thrown);
        await noteFailure(last, admission, attempts);
        deadline ??= clock.monotonic() + policy.budgetMs - waitedMs();
        await pause(last, { round, deadline: deadline + waitedMs() }, attempts);
      }
    }
  } finally {
    breaker.answers.left(job);
  }
}

/** Tells the breaker; throws if the error stands at once. */
async function noteFailure(
  error: KnownError,
  admission: Admission,
  attempts: BreakerAttempts<unknown>,
): Promise<void> {
  const mayPass = (error.kind === 'unavailable' || error.kind === 'refused') && !error.isOfRedis;
  if (attempts.signal.aborted || !mayPass || (await refusesThisOne(error, admission, attempts))) {
    admission.ended();
    throw error;
  }
  admission.failed(error);
}

/** Whether the remote refused what this job asked for, and serves others. */
async function refusesThisOne(
  { kind }: KnownError,
  { startedAt }: Admission,
  { breaker, job, signal }: BreakerAttempts<unknown>,
): Promise<boolean> {
  if (kind !== 'refused') return false;
  const since = breaker.answers.failingSince(job) ?? startedAt;
  return breaker.answers.servedOthersSince(job, since) || breaker.servesOtherwise(signal);
}

interface Time {
  readonly round: number;
  readonly deadline: number;
}

/** Waits before the next attempt; while the breaker is open, it is the breaker that lets the job wait. */
async function pause(
  error: KnownError,
  { round, deadline }: Time,
  attempts: BreakerAttempts<unknown>,
): Promise<void> {
  const { breaker, clock, onRetry, policy, signal } = attempts;
  if (breaker.state !== 'closed') {
    onRetry(error, breaker.pauseLeftMs);
    return;
  }
  const delayMs = backoff(policy, round);
  if (clock.monotonic() + delayMs > deadline) throw standing(error, attempts);
  onRetry(error, delayMs);
  await clock.sleep(delayMs, signal);
}

/** The error that stands when the budget is spent. */
function standing(
  error: KnownError,
  { breaker, clock, job, policy }: BreakerAttempts<unknown>,
): KnownError {
  const now = clock.monotonic();
  const servesOthers =
    breaker.state === 'closed' && breaker.answers.servedOthersSince(job, now - policy.budgetMs / 2);
  if (servesOthers || breaker.answers.spentAgain(job, now)) {
    const seconds = policy.budgetMs / 1000;
    const message = `${error.message} This went on for ${seconds} s, while other jobs were served.`;
    return new KnownError(error.code, message, { cause: error });
  }
  breaker.openBecause(error);
  return breaker.outage();
}
