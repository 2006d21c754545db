import type { Clock } from '../../../ports.ts';
import { pause } from './pause.ts';

/** Calls back once at the earliest of the times it was set to. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #setTo = Infinity;
  #abort = new AbortController();

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings in `ms` at the latest. */
  in(ms: number): void {
    const at = this.#clock.monotonic() + ms;
    if (at >= this.#setTo) return;
    this.stop();
    this.#setTo = at;
    void this.#wait(ms);
  }

  stop(): void {
    this.#setTo = Infinity;
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  async #wait(ms: number): Promise<void> {
    if (!(await pause(this.#clock, ms, this.#abort.signal))) return;
    this.#setTo = Infinity;
    this.#ring();
  }
}
