import { NOT_NEEDED } from '../../abort.ts';
import type { KnownError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';

interface TimeLimitOptions {
  readonly clock: Clock;
  /** Milliseconds without progress after which the time is over. */
  readonly limitMs: number;
  /** True while the wait is somebody else's fault; such time does not count. */
  readonly isExcused: () => boolean;
  readonly onTimeout: () => KnownError;
}

/** How often it is looked in the time of the limit whether the wait is somebody else's fault. */
const LOOKS = 10;

/** Limits the time that work may take without making progress. */
export class TimeLimit {
  readonly #options: TimeLimitOptions;
  readonly #over = new AbortController();
  readonly #ended = new AbortController();
  #progressAt: number;

  constructor(options: TimeLimitOptions) {
    this.#options = options;
    this.#progressAt = options.clock.monotonic();
    void this.#watch();
  }

  /** Fires when the time is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** The time counts anew. */
  progressed(): void {
    this.#progressAt = this.#options.clock.monotonic();
  }

  /** Call it when the work has ended. */
  end(): void {
    this.#ended.abort(NOT_NEEDED);
  }

  async #watch(): Promise<void> {
    const { clock, limitMs, isExcused, onTimeout } = this.#options;
    for (
      let leftMs = limitMs;
      leftMs > 0;
      leftMs = this.#progressAt + limitMs - clock.monotonic()
    ) {
      // Not only at the end: an excuse that ended shortly before would count for nothing.
      const pauseMs = Math.min(leftMs, limitMs / LOOKS);
      await clock.sleep(pauseMs, this.#ended.signal).catch(() => undefined);
      if (this.#ended.signal.aborted) return;
      if (isExcused()) this.progressed();
    }
    this.#over.abort(onTimeout());
  }
}
