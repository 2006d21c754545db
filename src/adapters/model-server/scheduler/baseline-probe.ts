interface BaselineProbeOptions {
  /** Time between looks at the unloaded server, at least; also at least a hundred replies' time. */
  readonly intervalMs: number;
}

interface Reply {
  readonly now: number;
  readonly ms: number;
  /** Calls in flight when this one was sent, itself included. */
  readonly inFlight: number;
  /** Calls allowed then. */
  readonly limit: number;
  readonly slowdown: number;
}

/** What a reply says about the known duration of unloaded calls. */
type Verdict = 'keep' | 'renew' | 'wrong';

/** Replies that a look takes. */
const ENOUGH = 3;
/** Replies in a row at the lowest limits, still this many times too slow, that call for a look at once. */
const SUSPICIOUS = 5;
const TOO_SLOW = 2;

/**
 * Tells when the known duration of unloaded calls is out of date. From time to time it halves the number of calls
 * allowed until three were sent to a server that had so little to do that nothing waited there (the minimum RTT
 * calculation of Envoy's adaptive concurrency filter); under light load calls of that kind come by themselves.
 */
export class BaselineProbe {
  readonly #intervalMs: number;
  #dueAt: number | undefined;
  #calm: number[] = [];
  #suspicions = 0;

  constructor({ intervalMs }: BaselineProbeOptions) {
    this.#intervalMs = intervalMs;
  }

  /** The calls allowed now, given the limit that holds otherwise. */
  allowed(now: number, limit: number): number {
    return this.#dueAt !== undefined && now >= this.#dueAt ? half(limit) : limit;
  }

  /**
   * A call came back. `renew`: enough calm replies were seen to let an older baseline go. `wrong`: they were so
   * slow that the server must have changed: the baseline is to be forgotten.
   */
  replied(reply: Reply): Verdict {
    this.#dueAt ??= reply.now + this.#pause(reply.ms);
    if (reply.inFlight > half(reply.limit)) {
      this.#suspect(reply);
      return 'keep';
    }
    this.#calm.push(reply.slowdown);
    if (this.#calm.length < ENOUGH) return 'keep';
    const wrong = this.#calm.every((slowdown) => slowdown > TOO_SLOW);
    const due = reply.now >= this.#dueAt;
    this.#calm = wrong || due ? [] : this.#calm.slice(1);
    if (!wrong && !due) return 'keep';
    this.#dueAt = reply.now + this.#pause(reply.ms);
    return wrong ? 'wrong' : 'renew';
  }

  /** A server that stays slow although it gets next to nothing has slowed down by itself: look at once. */
  #suspect({ limit, slowdown, now }: Reply): void {
    this.#suspicions = limit <= 2 && slowdown > TOO_SLOW ? this.#suspicions + 1 : 0;
    if (this.#suspicions < SUSPICIOUS) return;
    this.#suspicions = 0;
    this.#dueAt = now;
    this.#calm = [];
  }

  #pause(ms: number): number {
    return Math.max(this.#intervalMs, 100 * ms);
  }
}

function half(limit: number): number {
  return Math.max(1, Math.floor(limit / 2));
}
