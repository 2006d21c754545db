import { setMaxListeners } from 'node:events';
import { KnownError } from '../../errors.ts';
import { stopOnSignals } from '../../consumer/stop-on-signals.ts';

type Cause = 'interrupted' | 'time is over' | KnownError;

/** Why and when to stop waiting: Ctrl-C, a time-out, or an error that spoils everything. The first one counts. */
export class Stop {
  readonly #control = new AbortController();
  readonly #signals = stopOnSignals(() => this.now('interrupted'));
  readonly #timer: NodeJS.Timeout | undefined;
  #cause: Cause | undefined;

  constructor(timeoutMs: number | undefined) {
    // One for each file that is on its way.
    setMaxListeners(0, this.#control.signal);
    if (timeoutMs !== undefined) {
      this.#timer = setTimeout(() => this.now('time is over'), timeoutMs);
    }
  }

  get signal(): AbortSignal {
    return this.#control.signal;
  }

  /** Undefined for as long as there is no reason to stop. */
  get cause(): Cause | undefined {
    return this.#cause;
  }

  now(cause: Cause): void {
    this.#cause ??= cause;
    this.#control.abort(new KnownError('shutting_down', 'Nobody waits any more.'));
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#signals.release();
  }
}
