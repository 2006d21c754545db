import type { Logger } from 'pino';
import type { Clock } from '../../ports.ts';
import { duration } from '../duration.ts';

const REMIND_MS = 5 * 60_000;

interface Outage {
  readonly since: number;
  toldAt: number;
}

/**
 * Writes one line when a remote goes away, one every five minutes while it stays away, and one when it is back, however
 * often it is tried meanwhile.
 */
export class OutageLog {
  readonly #log: Pick<Logger, 'info' | 'warn'>;
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #outages = new Map<string, Outage>();

  constructor(log: Pick<Logger, 'info' | 'warn'>, clock: Pick<Clock, 'monotonic'>) {
    this.#log = log;
    this.#clock = clock;
  }

  /** `said` is why the remote cannot be used now; undefined if it can. */
  tell(remote: string, said: string | undefined): void {
    const problem = said?.replace(/[^.]$/, '$&.');
    const now = this.#clock.monotonic();
    const outage = this.#outages.get(remote);
    if (problem === undefined) this.#end(remote, outage, now);
    else if (outage === undefined) {
      this.#outages.set(remote, { since: now, toldAt: now });
      this.#log.warn(problem);
    } else if (now - outage.toldAt >= REMIND_MS) {
      outage.toldAt = now;
      this.#log.warn(`${problem} ${remote} has been away for ${duration(now - outage.since)}.`);
    }
  }

  #end(remote: string, outage: Outage | undefined, now: number): void {
    if (outage === undefined) return;
    this.#outages.delete(remote);
    this.#log.info(`${remote} answers again after ${duration(now - outage.since)}`);
  }
}
