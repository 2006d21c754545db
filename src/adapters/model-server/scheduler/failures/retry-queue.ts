import type { Clock } from '../../../../ports.ts';
import { pause } from '../wake-up-timer.ts';
import type { WorkItem } from '../requests/pending-request.ts';

interface RetryQueueOptions {
  readonly clock: Clock;
  readonly budget: RetryBudget;
  readonly signal: AbortSignal;
  /** Takes the items back when their time has come. */
  readonly release: (items: readonly WorkItem[]) => void;
}

interface Hold {
  readonly delayMs: number;
  /** True if the retries need no right of the budget: their server gets no calls before it has recovered. */
  readonly isFree: boolean;
}

/** Holds the items of failed calls back for a while, and until the budget allows another call. */
export class RetryQueue {
  readonly #options: RetryQueueOptions;

  constructor(options: RetryQueueOptions) {
    this.#options = options;
  }

  async hold(items: readonly WorkItem[], { delayMs, isFree }: Hold): Promise<void> {
    const { clock, budget, signal, release } = this.#options;
    if (delayMs > 0 && !(await pause(clock, delayMs, signal))) return;
    while (!isFree && !budget.take(clock.monotonic())) {
      if (!(await pause(clock, budget.waitMs(clock.monotonic()), signal))) return;
    }
    release(items);
  }
}

interface RetryBudgetOptions {
  /** Repeated calls earned by each first one. */
  readonly share: number;
  /** Repeated calls that may come at once. */
  readonly burst: number;
  /** Time in which one more is earned whatever else is sent, so that repeats never starve. */
  readonly trickleMs: number;
}

/**
 * Bounds repeated calls to a share of the first ones, so that a slow server never sees a storm of repeats.
 * A token bucket, as the retry budget of Twitter Finagle.
 */
export class RetryBudget {
  readonly #options: RetryBudgetOptions;
  #tokens: number;
  #filledAt = 0;

  constructor(options: RetryBudgetOptions) {
    this.#options = options;
    this.#tokens = options.burst;
  }

  /** A call that repeats nothing was sent. */
  earn(): void {
    this.#tokens = Math.min(this.#options.burst, this.#tokens + this.#options.share);
  }

  /** Takes the right to one repeated call; false if there is none now. `now` in milliseconds. */
  take(now: number): boolean {
    this.#fill(now);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Milliseconds until `take` can succeed, if nothing is earned meanwhile. */
  waitMs(now: number): number {
    this.#fill(now);
    return Math.max(0, Math.ceil((1 - this.#tokens) * this.#options.trickleMs));
  }

  #fill(now: number): void {
    const earned = Math.max(0, now - this.#filledAt) / this.#options.trickleMs;
    this.#tokens = Math.min(this.#options.burst, this.#tokens + earned);
    this.#filledAt = now;
  }
}
