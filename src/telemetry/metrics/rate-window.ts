const SECONDS = 60;

/** Counts events over the last minute, a second at a time. */
export class RateWindow {
  readonly #counts = new Int32Array(SECONDS);
  readonly #start: number;
  #second: number;
  #total = 0;

  /** @param now milliseconds that never go back */
  constructor(now: number) {
    this.#start = now;
    this.#second = Math.floor(now / 1000);
  }

  add(now: number): void {
    this.#forget(now);
    this.#counts[this.#second % SECONDS]++;
    this.#total++;
  }

  /** While less than a minute has passed, the mean of what has. */
  perSecond(now: number): number {
    this.#forget(now);
    return this.#total / Math.min(SECONDS, Math.max(1, (now - this.#start) / 1000));
  }

  /** Drops what is older than a minute. */
  #forget(now: number): void {
    const second = Math.floor(now / 1000);
    const passed = Math.min(second - this.#second, SECONDS);
    for (let step = 1; step <= passed; step++) {
      const place = (this.#second + step) % SECONDS;
      this.#total -= this.#counts[place];
      this.#counts[place] = 0;
    }
    // After more than a minute all counts are 0, so it does not matter where the last ones stood.
    this.#second = second;
  }
}
