interface ConcurrencyLimitOptions {
  /** Calls in flight at most, whatever the server could take. */
  readonly ceiling: number;
}

interface Reply {
  /** Calls in flight when this one was sent, itself included. */
  readonly inFlight: number;
  /** Its duration as a multiple of what it takes when nothing waits. */
  readonly slowdown: number;
}

/** Limit at the start: enough for a server that works on two requests at a time. */
const FIRST = 3;
/** Calls allowed beyond what the server works on: one travels while the others are computed. */
const HEADROOM = 1;
/** Slowdown that is taken for noise (Envoy's min RTT buffer of 25 %). */
const TOLERANCE = 1.25;
/** Share of a reply in the slowdown that counts, and of the new estimate in the limit. */
const SMOOTHING = 0.2;
/** Growth for each reply that was not slowed down. */
const STEP = 0.2;
/** What is left of the limit when the server drops a call. */
const AFTER_DROP = 0.9;

/**
 * How many calls a server should have in flight. After Netflix's concurrency-limits (gradient) and Envoy's adaptive
 * concurrency filter, changed in two points: the estimate starts from the calls that were in flight, not from the
 * limit, so that a limit which was never reached does not hide congestion; and the headroom is one call, not the
 * square root of the limit, because for a server that works on k requests at a time the best limit is k + 1.
 */
export class ConcurrencyLimit {
  readonly #ceiling: number;
  #limit: number;
  #slowdown = 1;

  constructor({ ceiling }: ConcurrencyLimitOptions) {
    this.#ceiling = Math.max(1, ceiling);
    this.#limit = Math.min(this.#ceiling, FIRST);
  }

  /** Calls that may be in flight. */
  get calls(): number {
    return Math.floor(this.#limit);
  }

  /**
   * Calls that the server works on at a time, as far as is known: what is sent beyond them waits there. While
   * no call is slowed down nothing waits, so it is not known yet how few those are.
   */
  get busy(): number {
    const beyond = this.#slowdown > TOLERANCE ? HEADROOM : 0;
    return Math.max(1, Math.floor(this.#limit - beyond));
  }

  /** A call came back. */
  replied({ inFlight, slowdown }: Reply): void {
    this.#slowdown += SMOOTHING * (slowdown - this.#slowdown);
    const gradient = Math.min(1, Math.max(0.5, TOLERANCE / this.#slowdown));
    // A lone call had nobody to wait for: its slowness does not speak against a second one.
    const estimate = Math.min(this.#ceiling, Math.max(1, inFlight * gradient) + HEADROOM);
    if (estimate > this.#limit) this.#limit = Math.min(estimate, this.#limit + STEP);
    else if (gradient < 1) this.#limit += SMOOTHING * (estimate - this.#limit);
  }

  /** The server refused a call because it had too many, or did not answer in time. */
  dropped(): void {
    this.#limit = Math.max(1, this.#limit * AFTER_DROP);
  }
}
