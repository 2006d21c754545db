import { NOT_NEEDED } from '../../../abort.ts';
import type { Clock } from '../../../ports.ts';

/** Calls back once, at the earliest of the times it was set to. */
export class WakeUpTimer {
  readonly #clock: Clock;
  readonly #onDue: () => void;
  #dueAt = Infinity;
  #abort = new AbortController();

  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Calls back in `ms` at the latest. */
  in(ms: number): void {
    const at = this.#clock.monotonic() + ms;
    if (at >= this.#dueAt) return;
    this.stop();
    this.#dueAt = at;
    void this.#wait(ms);
  }

  stop(): void {
    this.#dueAt = Infinity;
    this.#abort.abort(NOT_NEEDED);
    this.#abort = new AbortController();
  }

  async #wait(ms: number): Promise<void> {
    if (!(await pause(this.#clock, ms, this.#abort.signal))) return;
    this.#dueAt = Infinity;
    this.#onDue();
  }
}

/** Sleeps; false if the signal fires first, which is the only reason why a clock's sleep can fail. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(Math.max(0, ms), signal).then(
    () => true,
    () => false,
  );
}
