import type { Clock } from '../../../ports.ts';

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
    const ring = (): void => {
      this.#setTo = Infinity;
      this.#ring();
    };
    const stopped = (): void => undefined; // sleep rejects only when it is stopped
    void this.#clock.sleep(ms, this.#abort.signal).then(ring, stopped);
  }

  stop(): void {
    this.#setTo = Infinity;
    this.#abort.abort();
    this.#abort = new AbortController();
  }
}
