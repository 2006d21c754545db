interface BaselineProbeOptions {
  /** Time between looks at the unloaded server, at least; also at least a hundred replies' time. */
  readonly intervalMs: number;
}

interface Reply {
  readonly now: number;
  readonly ms: number;
  /** Whether it was sent to a server with at most half of the calls that it is allowed: nothing waited there. */
  readonly uncontended: boolean;
  /** Calls allowed now. */
  readonly limit: number;
  readonly slowdown: number;
}

/** What a reply says about the known duration of unloaded calls. */
type Verdict = 'keep' | 'renew' | 'wrong';

/** Uncontended replies that a measurement takes. */
const ENOUGH = 5;
/** Replies in a row that are so much slower, or faster, than expected that the expectation must be wrong. */
const SUSPICIOUS = 5;
const TOO_SLOW = 2;
const TOO_FAST = 0.5;

/**
 * Tells when the known duration of unloaded calls is out of date. From time to time it halves the number of calls
 * allowed until a few were sent to a server that had so little to do that nothing waited there (the minimum RTT
 * calculation of Envoy's adaptive concurrency filter); under light load calls of that kind come by themselves.
 */
export class BaselineProbe {
  readonly #intervalMs: number;
  #dueAt: number | undefined;
  #uncontended = 0;
  #uncontendedButSlow = 0;
  #fast = 0;
  #slow = 0;

  constructor({ intervalMs }: BaselineProbeOptions) {
    this.#intervalMs = intervalMs;
  }

  /** The calls allowed now, given the limit that holds otherwise. */
  allowed(now: number, limit: number): number {
    return this.#dueAt !== undefined && now >= this.#dueAt ? half(limit) : limit;
  }

  /**
   * A call came back. `renew`: enough uncontended replies were seen to let an older baseline go. `wrong`: the
   * server must have changed, because it is slow although nothing waits there, or far too fast; the baseline
   * is to be forgotten.
   */
  replied({ now, ms, uncontended, limit, slowdown }: Reply): Verdict {
    this.#dueAt ??= now + this.#pause(ms);
    this.#fast = slowdown < TOO_FAST ? this.#fast + 1 : 0;
    this.#slow = limit <= 2 && slowdown > TOO_SLOW ? this.#slow + 1 : 0;
    if (uncontended) {
      this.#uncontended++;
      this.#uncontendedButSlow = slowdown > TOO_SLOW ? this.#uncontendedButSlow + 1 : 0;
    }
    // A server that stays slow although it gets next to nothing may have slowed down by itself: look at once.
    if (this.#slow === SUSPICIOUS) this.#dueAt = now;
    const wrong = this.#fast >= SUSPICIOUS || this.#uncontendedButSlow >= SUSPICIOUS;
    const renew = now >= this.#dueAt && this.#uncontended >= ENOUGH;
    if (!wrong && !renew) return 'keep';
    this.#dueAt = now + this.#pause(ms);
    this.#uncontended = this.#uncontendedButSlow = this.#fast = this.#slow = 0;
    return wrong ? 'wrong' : 'renew';
  }

  #pause(ms: number): number {
    return Math.max(this.#intervalMs, 100 * ms);
  }
}

function half(limit: number): number {
  return Math.max(1, Math.floor(limit / 2));
}
