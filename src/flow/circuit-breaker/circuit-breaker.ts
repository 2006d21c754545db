import { abortable } from '../../abort.ts';
import { KnownError } from '../../errors.ts';
import type { BreakerState, Emit } from '../../facts/flow.ts';
import type { Clock } from '../../ports.ts';
import { RecentAnswers } from './recent-answers.ts';

export interface CircuitBreakerOptions {
  /** What stands behind it, such as `bucket_write`. */
  readonly remote: string;
  readonly clock: Clock;
  /** Distinct jobs that fail in a row before it opens. */
  readonly opensAfter: number;
  /** Pause before the first probe; doubles with each probe that fails, up to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  readonly emit: Emit;
  /** Asks the remote for something that is no job's own; true if it serves that. */
  readonly control?: (signal: AbortSignal) => Promise<boolean>;
}

/** One attempt of a job. Its end is reported once. */
export interface Admission {
  readonly startedAt: number;
  /**
   * The attempt waits for other jobs, not for the remote: from now on another job may probe. How the attempt ends still
   * counts, unless the remote failed meanwhile.
   */
  lend(): void;
  succeeded(): void;
  /** The remote did not do its work. */
  failed(error: KnownError): void;
  /** The attempt ended without telling anything about the remote. */
  ended(): void;
}

interface Waiter {
  readonly job: string;
  wake: () => void;
}

/**
 * Remembers how one remote answered lately, in one direction, by distinct jobs. Closed: jobs may try. Open, once
 * different jobs failed in a row: they wait. After a pause one of them tries (half open), and its answer closes the
 * breaker or begins a longer pause.
 */
export class CircuitBreaker {
  readonly remote: string;
  readonly answers = new RecentAnswers();
  readonly #options: CircuitBreakerOptions;
  readonly #waiting = new Set<Waiter>();
  #state: BreakerState = 'closed';
  #reason = '';
  #openedAt = 0;
  #pauseMs = 0;
  #probeAt = 0;
  #failures = 0;

  constructor(options: CircuitBreakerOptions) {
    this.remote = options.remote;
    this.#options = options;
  }

  get state(): BreakerState {
    return this.#state;
  }

  /** Why jobs cannot be served now, in the words of the remote; undefined while it is closed. */
  problem(): string | undefined {
    return this.#state === 'closed' ? undefined : this.#reason;
  }

  /** Whether one more job is wanted while it is open: too few different jobs wait to tell whose fault it is. */
  get wantsAnotherJob(): boolean {
    if (this.#state === 'closed') return false;
    const waiting = this.#waiting.size + (this.#state === 'half open' ? 1 : 0);
    return waiting === 0 ? this.pauseLeftMs === 0 : waiting < this.#options.opensAfter;
  }

  /** Milliseconds until the next probe may begin. */
  get pauseLeftMs(): number {
    return Math.max(0, this.#probeAt - this.#options.clock.monotonic());
  }

  /** Waits until a job may try; undefined if it may not before the deadline. Rejects when the signal fires. */
  async admit(job: string, deadline: number, signal: AbortSignal): Promise<Admission | undefined> {
    const waiter: Waiter = { job, wake: () => {} };
    this.#waiting.add(waiter);
    try {
      while (!this.#mayTry(waiter)) {
        if (this.#now() >= deadline) return undefined;
        const until = this.#state === 'open' ? Math.min(this.#probeAt, deadline) : deadline;
        await this.#woken(waiter, until, signal);
      }
    } finally {
      this.#waiting.delete(waiter);
      this.#wakeAll();
    }
    return this.#begin(job);
  }

  /** Opens it although too few jobs failed: one spent all its time, and nobody was served meanwhile. */
  openBecause({ message }: KnownError): void {
    this.#reason = message;
    if (this.#state === 'closed') this.#open();
  }

  /** Whether the remote serves what is no job's own. */
  async servesOtherwise(signal: AbortSignal): Promise<boolean> {
    const { control } = this.#options;
    return control === undefined ? false : control(signal);
  }

  /** The error of a job that goes back to its queue because of the remote. */
  outage(): KnownError {
    return new KnownError('remote_outage', `${this.#reason} The job goes back to its queue.`);
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }

  /** While it is open, the waiting job that failed longest ago, or never, is the one that probes. */
  #mayTry(waiter: Waiter): boolean {
    if (this.#state === 'closed') return true;
    if (this.#state === 'half open' || this.#now() < this.#probeAt) return false;
    const lastFailure = this.answers.lastFailure(waiter.job);
    for (const { job } of this.#waiting) {
      if (this.answers.lastFailure(job) < lastFailure) return false;
    }
    return true;
  }

  async #woken(waiter: Waiter, until: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const nap = new AbortController();
    waiter.wake = resolve;
    this.#options.clock
      .sleep(Math.max(0, until - this.#now()), nap.signal)
      .then(resolve, () => undefined);
    try {
      await abortable(signal, promise);
    } finally {
      nap.abort();
    }
  }

  #wakeAll(): void {
    for (const { wake } of this.#waiting) wake();
  }

  #begin(job: string): Admission {
    const startedAt = this.#now();
    const isProbe = this.#state !== 'closed';
    /** How often the remote had failed when the probe was lent. */
    let lentAt: number | undefined;
    const decides = (): boolean => isProbe && (lentAt === undefined || lentAt === this.#failures);
    const leave = (): void => {
      if (isProbe && lentAt === undefined && this.#state === 'half open') this.#become('open');
    };
    if (isProbe) this.#become('half open');
    return {
      startedAt,
      lend: () => {
        leave();
        lentAt ??= this.#failures;
      },
      succeeded: () => {
        this.answers.served(job, startedAt);
        if (decides() && this.#state !== 'closed') this.#become('closed');
      },
      failed: (error) => this.#failed(job, error, decides()),
      ended: leave,
    };
  }

  #failed(job: string, { message }: KnownError, isProbe: boolean): void {
    this.#failures++;
    this.answers.failed(job, this.#now());
    const isUp = this.#state === 'closed';
    if (isUp && this.answers.failedInARow < this.#options.opensAfter) return;
    this.#reason = message;
    if (isUp) this.#open();
    else if (isProbe) this.#pause(Math.min(this.#options.longestPauseMs, this.#pauseMs * 2));
  }

  #open(): void {
    this.#openedAt = this.#now();
    this.#pause(this.#options.firstPauseMs);
  }

  #pause(pauseMs: number): void {
    this.#pauseMs = pauseMs;
    this.#probeAt = this.#now() + pauseMs;
    this.#become('open');
  }

  #become(state: BreakerState): void {
    const { remote, emit } = this.#options;
    const openMs = this.#now() - this.#openedAt;
    const before = this.#state;
    this.#state = state;
    emit({ type: 'breaker changed', remote, before, state, reason: this.#reason, openMs });
    this.#wakeAll();
  }
}
