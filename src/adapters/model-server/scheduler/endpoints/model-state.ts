import { Health } from './health.ts';
import { LatencyModel } from './latency-model.ts';

/** For how long a server counts as one that lacks a model after it said so. */
const LACKING_MS = 30_000;

interface ModelStateOptions {
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** One model on one server: how fast it is, whether it works there, and whether the server has it at all. */
export class ModelState {
  readonly latency = new LatencyModel();
  readonly health: Health;
  /** Why it failed last: a sentence. */
  reason = '';
  #lacksUntil = -Infinity;
  #workedAt = -Infinity;

  constructor(options: ModelStateOptions) {
    this.health = new Health(options);
  }

  /** When it worked last here, on the monotonic clock. */
  get workedAt(): number {
    return this.#workedAt;
  }

  worked(now: number): void {
    this.#workedAt = now;
    this.health.answered();
    this.found();
  }

  /** True if the server said not long ago that it has no such model. */
  lacks(now: number): boolean {
    return now < this.#lacksUntil;
  }

  lacked(now: number): void {
    this.#lacksUntil = now + LACKING_MS;
  }

  found(): void {
    this.#lacksUntil = -Infinity;
  }

  /** True if nothing would be lost with it. */
  isForgettable(now: number): boolean {
    return this.latency.empty && this.health.state === 'up' && !this.lacks(now);
  }
}
