import type { Clock } from '../ports.ts';

/** Since when parents wait here, as far as those have seen them who look now and then. */
export class ParkedTimes {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #since = new Map<string, number>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Milliseconds since the first of these was seen; the others are forgotten. 0 if there is none. */
  oldestMs(keys: readonly string[]): number {
    const now = this.#clock.monotonic();
    this.#since = new Map(keys.map((key) => [key, this.#since.get(key) ?? now]));
    return now - Math.min(now, ...this.#since.values());
  }
}
