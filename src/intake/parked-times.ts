import type { Clock } from '../ports.ts';

interface Wait {
  readonly since: number;
  readonly open: number;
  /** When the number of its open children was last seen to change. */
  readonly movedAt: number;
}

export interface ParkedMs {
  /** Of the parent that has waited here longest; 0 if there is none. */
  readonly oldestMs: number;
  /** Of the parent whose children have stood still longest; 0 if there is none. */
  readonly stillMs: number;
}

/** How long parents have waited here, as far as it can be told by looking now and then. */
export class ParkedTimes {
  readonly #clock: Pick<Clock, 'monotonic'>;
  #waits = new Map<string, Wait>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** `open`: the open children of each parent that waits now; the others are forgotten. */
  look(open: ReadonlyMap<string, number>): ParkedMs {
    const now = this.#clock.monotonic();
    this.#waits = new Map(Array.from(open, ([key, count]) => [key, this.#waitOf(key, count, now)]));
    const waits = [...this.#waits.values()];
    return {
      oldestMs: now - Math.min(now, ...waits.map(({ since }) => since)),
      stillMs: now - Math.min(now, ...waits.map(({ movedAt }) => movedAt)),
    };
  }

  #waitOf(key: string, open: number, now: number): Wait {
    const before = this.#waits.get(key);
    if (before?.open === open) return before;
    return { since: before?.since ?? now, open, movedAt: now };
  }
}
