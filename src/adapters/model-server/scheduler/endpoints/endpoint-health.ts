interface EndpointHealthOptions {
  /** First pause after which a server that failed is tried again; doubles up to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** Calls without an answer in a row after which a server counts as gone. */
const IN_A_ROW = 3;
/** The last calls that are looked at, and the share without an answer that is too much. */
const RECENT = 10;
const SHARE = 0.5;

/** Whether one server is used: `down` after too many failures, `trial` while one probe is under way, else `up`. */
export class EndpointHealth {
  readonly #options: EndpointHealthOptions;
  #state: 'up' | 'down' | 'trial' = 'up';
  #recent: boolean[] = [];
  #inARow = 0;
  #pauseMs: number;
  #probeAt = 0;

  constructor(options: EndpointHealthOptions) {
    this.#options = options;
    this.#pauseMs = options.firstPauseMs;
  }

  get state(): 'up' | 'down' | 'trial' {
    return this.#state;
  }

  /** When a server that is down may be probed, on the monotonic clock. */
  get probeAt(): number {
    return this.#probeAt;
  }

  /** It answered, be it with a refusal. A server that is down stays so until a probe answers. */
  answered(): void {
    this.#inARow = 0;
    this.#note(true);
  }

  /** A call found nobody, or no answer in time. */
  failed(now: number): void {
    this.#inARow++;
    this.#note(false);
    if (this.#state !== 'up') return;
    const failures = this.#recent.filter((answered) => !answered).length;
    const mostly = this.#recent.length === RECENT && failures >= SHARE * RECENT;
    if (this.#inARow >= IN_A_ROW || mostly) this.#rest(now);
  }

  probing(): void {
    this.#state = 'trial';
  }

  probeAnswered(): void {
    this.#state = 'up';
    this.#recent = [];
    this.#inARow = 0;
    this.#pauseMs = this.#options.firstPauseMs;
  }

  probeFailed(now: number): void {
    this.#pauseMs = Math.min(this.#options.longestPauseMs, this.#pauseMs * 2);
    this.#rest(now);
  }

  #rest(now: number): void {
    this.#state = 'down';
    this.#probeAt = now + this.#pauseMs;
  }

  #note(answered: boolean): void {
    this.#recent.push(answered);
    if (this.#recent.length > RECENT) this.#recent.shift();
  }
}
