import type { Clock } from '../../../../ports.ts';
import { pause } from '../pause.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { WorkItem } from '../requests/work-item.ts';

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
    if (delayMs > 0 && !(await pause(clock, delayMs, signal))) return;
    while (!budget.take(clock.monotonic())) {
      if (!(await pause(clock, budget.waitMs(clock.monotonic()), signal))) return;
    }
    release(items);
  }
}
