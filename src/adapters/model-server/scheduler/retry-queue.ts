import type { Clock } from '../../../ports.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { WorkItem } from './work-item.ts';

interface RetryQueueOptions {
  readonly clock: Clock;
  readonly budget: RetryBudget;
  readonly signal: AbortSignal;
  /** Takes the items back when their time has come. */
  readonly release: (items: readonly WorkItem[]) => void;
}

/** Holds the items of failed calls back for a while, and until the budget allows another call. */
export class RetryQueue {
  readonly #options: RetryQueueOptions;

  constructor(options: RetryQueueOptions) {
    this.#options = options;
  }

  async hold(items: readonly WorkItem[], delayMs: number): Promise<void> {
    const { clock, budget, signal, release } = this.#options;
    try {
      if (delayMs > 0) await clock.sleep(delayMs, signal);
      while (!budget.take(clock.monotonic()))
        await clock.sleep(budget.waitMs(clock.monotonic()), signal);
    } catch (reason) {
      if (signal.aborted) return;
      throw reason;
    }
    release(items);
  }
}
