import { duration } from '../../../telemetry/duration.ts';
import type { Counts } from './progress.ts';

/** Ends from which a rate can be told. */
const LEAST = 3;

/** How fast files end, and when the last will. */
export class Pace {
  readonly #now: () => number;
  #begun: { readonly at: number; readonly ended: number } | undefined;

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** `, 2.4 a second, about 35 s left`; empty while too few have ended to tell, and once all have. */
  words({ uploading, waiting, done, failed }: Counts): string {
    this.#begun ??= { at: this.#now(), ended: done + failed };
    const ended = done + failed - this.#begun.ended;
    const seconds = (this.#now() - this.#begun.at) / 1000;
    const left = uploading + waiting;
    if (ended < LEAST || left === 0 || seconds <= 0) return '';
    const rate = ended / seconds;
    return `, ${rateWords(rate)}, about ${duration(1000 * Math.ceil(left / rate))} left`;
  }
}

function rateWords(rate: number): string {
  return rate >= 0.1 ? `${rate.toFixed(1)} a second` : `${(rate * 60).toFixed(1)} a minute`;
}
