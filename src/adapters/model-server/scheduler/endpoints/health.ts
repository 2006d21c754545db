interface HealthOptions {
  /** First pause after which what failed is probed; doubles up to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** True for what is to be probed before it is used. */
  readonly isNew?: boolean;
}

/** Failures in a row after which nothing more is sent. */
const IN_A_ROW = 3;
/** The last calls that are looked at, and the share of failures that is too much. */
const RECENT = 10;
const SHARE = 0.5;

/**
 * Whether a server, or one model on it, is used: `down` after too many failures, `trial` while one probe is under way,
 * else `up`. After Envoy's outlier detection, by failures in a row and by their share. After a probe has answered, the
 * first real failure is one too many: a probe is smaller than real work.
 */
export class Health {
  readonly #options: HealthOptions;
  #state: 'up' | 'down' | 'trial';
  #onProbation = false;
  #recent: boolean[] = [];
  #inARow = 0;
  #pauseMs: number;
  #probeAt = 0;

  constructor(options: HealthOptions) {
    this.#options = options;
    this.#state = options.isNew === true ? 'down' : 'up';
    this.#pauseMs = options.firstPauseMs;
  }

  get state(): 'up' | 'down' | 'trial' {
    return this.#state;
  }

  /** When what is down may be probed, on the monotonic clock. */
  get probeAt(): number {
    return this.#probeAt;
  }

  /** It answered. What is down stays so until a probe answers. */
  answered(): void {
    if (this.#state !== 'up') return;
    this.#inARow = 0;
    if (this.#onProbation) this.#pauseMs = this.#options.firstPauseMs;
    this.#onProbation = false;
    this.#note(true);
  }

  /** A call failed through its fault. True if it is down from now on. */
  failed(now: number): boolean {
    if (this.#state !== 'up') return false;
    this.#inARow++;
    this.#note(false);
    const failures = this.#recent.filter((answered) => !answered).length;
    const mostly = this.#recent.length === RECENT && failures >= SHARE * RECENT;
    if (!this.#onProbation && !mostly && this.#inARow < IN_A_ROW) return false;
    this.#rest(now);
    return true;
  }

  probing(): void {
    this.#state = 'trial';
  }

  probeAnswered(): void {
    this.#state = 'up';
    this.#onProbation = true;
    this.#recent = [];
    this.#inARow = 0;
  }

  probeFailed(now: number): void {
    this.#rest(now);
  }

  /** Each pause is twice as long as the one before, until a real call has succeeded. */
  #rest(now: number): void {
    this.#state = 'down';
    this.#probeAt = now + this.#pauseMs;
    this.#pauseMs = Math.min(this.#options.longestPauseMs, this.#pauseMs * 2);
  }

  #note(answered: boolean): void {
    this.#recent.push(answered);
    if (this.#recent.length > RECENT) this.#recent.shift();
  }
}
