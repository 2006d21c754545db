import { KnownError } from '../errors.ts';
import type { Log } from '../telemetry/log/log.ts';
import { authorsFault } from './authors/authors-code.ts';
import { tellLateErrors } from './authors/guard-process.ts';
import { type StopSignal, stopOnSignals } from './stop-on-signals.ts';

interface StoppingOptions {
  readonly log: Log;
  /** How long jobs in work get to finish. */
  readonly graceMs: number;
  /** Undefined as long as none can be. */
  readonly jobsInWork: () => number | undefined;
}

/** What everything else gets to end: jobs to go back to Redis, connections to close. */
const LAST_STEPS_MS = 3000;

/**
 * How urgently the consumer is to stop: at the first signal soon, at the second now. From then on the process has a
 * time limit, so that nothing that hangs can keep it alive. An error that nobody caught ends it at once: that is a
 * crash, and counts as one for the jobs in work.
 */
export class Stopping {
  readonly #options: StoppingOptions;
  readonly #soon = new AbortController();
  readonly #now = new AbortController();
  readonly #signals = stopOnSignals((signal) => this.#beginSoon(signal));
  #limit: { readonly at: number; readonly timer: NodeJS.Timeout } | undefined;

  constructor(options: StoppingOptions) {
    this.#options = options;
    this.#signals.onStopNow((signal) => this.#beginNow(`${signal} again`));
    process.on('uncaughtException', this.#crash);
    tellLateErrors((said) => options.log.error({ code: 'bad_workflow' }, said));
  }

  /** Fires when no more jobs are to be taken. */
  get soon(): AbortSignal {
    return this.#soon.signal;
  }

  /** Fires when jobs in work are to be given back. */
  get now(): AbortSignal {
    return this.#now.signal;
  }

  /** Ends the process with `code` if it is still there after the time that closing may take. */
  endSoon(code: number): void {
    this.#endWithin(LAST_STEPS_MS, code);
  }

  /** Leaves signals and errors to Node again. */
  release(): void {
    this.#signals.release();
    process.off('uncaughtException', this.#crash);
  }

  #beginSoon(signal: StopSignal): void {
    const { log, graceMs, jobsInWork } = this.#options;
    const inWork = jobsInWork() ?? 0;
    const rest = inWork === 0 ? 'none is in work' : `${inWork} in work get ${graceMs / 1000} s`;
    log.info({ inWork }, `${signal}: taking no more jobs; ${rest}.`);
    const isTaking = jobsInWork() !== undefined;
    this.#endWithin((isTaking ? graceMs : 0) + LAST_STEPS_MS, 1);
    this.#soon.abort(stopped());
  }

  #beginNow(because: string): void {
    const { log, jobsInWork } = this.#options;
    const inWork = jobsInWork() ?? 0;
    log.warn({ inWork }, `${because}: giving ${inWork} jobs back to the queue now.`);
    this.#soon.abort(stopped());
    this.#now.abort(stopped());
    this.#endWithin(LAST_STEPS_MS, 1);
  }

  readonly #crash = (error: unknown, origin: NodeJS.UncaughtExceptionOrigin): void => {
    // Told already; nothing of ours has failed.
    if (authorsFault({ error, origin }) !== undefined) return;
    const inWork = this.#options.jobsInWork() ?? 0;
    this.#options.log.fatal(
      { err: error, inWork },
      'An error was not caught: this is a bug. Ending now; the jobs in work are recovered, and run again.',
    );
    // One of the jobs may be the cause. Given back, it would be the next to be taken, as if nothing had happened.
    process.exit(1);
  };

  #endWithin(ms: number, code: number): void {
    const at = performance.now() + ms;
    if (this.#limit !== undefined && this.#limit.at <= at) return;
    clearTimeout(this.#limit?.timer);
    this.#limit = { at, timer: setTimeout(() => this.#end(code), ms).unref() };
  }

  #end(code: number): void {
    const { log, jobsInWork } = this.#options;
    const inWork = jobsInWork() ?? 0;
    log.error(
      { inWork },
      'Something does not end: ending now. Jobs that are left behind are recovered by other consumers.',
    );
    process.exit(code);
  }
}

function stopped(): KnownError {
  return new KnownError('shutting_down', 'The consumer was told to stop.');
}
