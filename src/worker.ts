import { type Observable, from, lastValueFrom, mergeMap } from 'rxjs';
import { abortable } from './abort.ts';
import { KnownError, classify } from './errors.ts';
import type { InFlight } from './flow/in-flight.ts';
import { JobWarnings } from './job/job-warnings.ts';
import { type Job, queuedMs } from './job/job.ts';
import type { OutcomeKind } from './job/outcome.ts';
import { retryUnavailable } from './flow/retry.ts';
import { type Phases, runPhases } from './flow/running/run-phases.ts';
import type { StageRuntime } from './flow/running/stage-runtime.ts';
import type { Gate } from './intake/gate.ts';
import { HeldJobs } from './intake/held-jobs.ts';
import { type Housekeeping, keepHouse } from './intake/keep-house.ts';
import { type Opened, openJob } from './intake/open-job.ts';
import type { PermitPool } from './intake/permits.ts';
import type { Solo } from './intake/solo.ts';
import { type TakenKey, reportRecovered, takeKeys } from './intake/take-keys.ts';
import { untold } from './intake/untold.ts';
import type { JobFamilies, JobHashes, JobQueue } from './ports.ts';
import { outcomeOf } from './settlement/outcome.ts';
import { ProgressReporter } from './settlement/progress.ts';
import { removeOrphan } from './settlement/remove-orphan.ts';
import { settle } from './settlement/settle.ts';

export interface WorkerOptions {
  readonly queue: JobQueue;
  readonly hashes: JobHashes;
  readonly families: JobFamilies;
  readonly accepts: (job: Job) => boolean;
  /** What is odd about a job and does not hinder it. */
  readonly remarksOn?: (job: Job) => readonly string[];
  readonly phases: Phases;
  readonly wakeOnFailure: boolean;
  readonly permits: PermitPool;
  readonly solo: Solo;
  readonly runtime: StageRuntime;
  readonly gate: Gate;
  readonly reconcileIntervalMs: number;
  /** How long jobs in flight get to finish once the worker was told to stop. */
  readonly graceMs: number;
}

/** After the grace, how long jobs may take to go back to the queue. */
const LAST_WRITES_MS = 2000;

/** Longest pause between attempts to tell Redis something: once it is back, no ended job waits for long. */
const REDIS_PAUSE_MS = 5000;

/** A job in flight, and what its end needs to know. */
interface Item extends InFlight<object> {
  readonly leave: () => void;
  readonly bury: boolean;
}

/** Takes jobs from one queue, runs them through the stages of a workflow, and settles them, until told to stop. */
export class Worker {
  readonly #options: WorkerOptions;
  readonly #held = new HeldJobs();
  readonly #progress: ProgressReporter;
  readonly #noMoreJobs = new AbortController();
  /** Fires when nothing may wait any more. */
  readonly #overdue = new AbortController();
  readonly #ended = new AbortController();
  #fatal: KnownError | undefined;

  constructor(options: WorkerOptions) {
    const { hashes, phases, runtime } = options;
    const emit = runtime.emit;
    this.#progress = new ProgressReporter({
      hashes,
      emit,
      clock: runtime.ports.clock,
      stages: (phases.work ?? []).map(({ name }) => name),
      claimOf: (key) => this.#held.claimOf(key),
      onLost: (claim) => this.#held.lose(claim),
    });
    this.#options = {
      ...options,
      runtime: {
        ...runtime,
        emit: (fact) => {
          this.#progress.listen(fact);
          emit(fact);
        },
      },
    };
  }

  /** The whole flow. Resolves once every job has been settled, with the error that stopped the worker if any. */
  async run(): Promise<KnownError | undefined> {
    const { queue } = this.#options;
    try {
      await this.#patiently(undefined, () => queue.register(this.#noMoreJobs.signal));
      const house = keepHouse(this.#housekeeping());
      await lastValueFrom(this.#jobs(), { defaultValue: undefined });
      await this.#leave();
      this.#ended.abort();
      await house;
    } catch (thrown) {
      if (!this.stopping) this.#stopBecause(classify(thrown));
    } finally {
      this.#noMoreJobs.abort(stopping());
      this.#ended.abort();
    }
    return this.#fatal;
  }

  #jobs(): Observable<void> {
    const { phases, permits, runtime } = this.#options;
    const jobs = permits.limits.jobs;
    return from(takeKeys(this.#intake())).pipe(
      mergeMap((key) => this.#open(key), jobs),
      mergeMap((items) => items),
      runPhases(phases, runtime),
      // Every stage passes on the item that it was given, with another value.
      mergeMap((item) => this.#settle(item as Item), jobs),
    );
  }

  /** Takes no more jobs; those in flight may finish until the grace is over, then they go back to the queue. */
  stop(): void {
    if (this.#noMoreJobs.signal.aborted) return;
    this.#noMoreJobs.abort(stopping());
    void this.#after(this.#options.graceMs, () => this.stopNow());
  }

  /** Gives all jobs in flight back to the queue. */
  stopNow(): void {
    this.#noMoreJobs.abort(stopping());
    this.#held.giveUp(stopping());
    void this.#after(LAST_WRITES_MS, () => this.#overdue.abort(stopping()));
  }

  get stopping(): boolean {
    return this.#noMoreJobs.signal.aborted;
  }

  /** Jobs in work and parents that wait for their children. */
  get load(): { readonly working: number; readonly parked: number } {
    return { working: this.#held.size, parked: this.#held.parked.length };
  }

  #intake(): Parameters<typeof takeKeys>[0] {
    const { queue, permits, runtime, gate, reconcileIntervalMs } = this.#options;
    return {
      queue,
      permits,
      name: runtime.queue,
      gate,
      reconcileIntervalMs,
      held: this.#held,
      clock: runtime.ports.clock,
      emit: runtime.emit,
      onFatal: (error) => this.#stopBecause(error),
      signal: this.#noMoreJobs.signal,
    };
  }

  #housekeeping(): Housekeeping {
    const { queue, families, runtime } = this.#options;
    return {
      queue,
      families,
      held: this.#held,
      bucket: runtime.ports.bucket,
      clock: runtime.ports.clock,
      emit: runtime.emit,
      onFatal: (error) => this.#stopBecause(error),
      signal: this.#ended.signal,
    };
  }

  /** The job of a key, ready for the first stage; nothing if there is nothing to do for it. */
  async #open(taken: TakenKey): Promise<Item[]> {
    const { phases, runtime } = this.#options;
    const claimedAt = runtime.ports.clock.monotonic();
    let leave = (): void => {};
    try {
      const opened = await openJob(taken, {
        ...this.#options,
        held: this.#held,
        splits: phases.split !== undefined,
        patiently: (key, attempt) => this.#patiently(key, attempt),
      });
      if (opened.kind === 'opened') {
        leave = opened.leave;
        return [this.#begin(taken, opened, claimedAt)];
      }
      this.#end(taken, opened.kind, claimedAt);
    } catch (thrown) {
      leave();
      this.#abandon(taken, claimedAt, classify(thrown));
    }
    return [];
  }

  #begin(
    { permit, signal }: TakenKey,
    { item, leave }: { readonly item: Opened; readonly leave: () => void },
    claimedAt: number,
  ): Item {
    const { runtime, remarksOn = () => [] } = this.#options;
    const { job, phase, bury = false } = item;
    runtime.emit({ type: 'job started', job, queuedMs: queuedMs(job, runtime.ports.clock.now()) });
    permit.begin();
    const onWarning = (message: string): void => runtime.emit({ type: 'job warned', job, message });
    const warnings = new JobWarnings(onWarning, remarksOn(job), phase === 'join' ? job : undefined);
    const empty = { notes: new Map(), value: {} };
    return { ...item, bury, permit, signal, leave, claimedAt, warnings, ...empty };
  }

  async #settle(item: Item): Promise<void> {
    const { wakeOnFailure, runtime } = this.#options;
    const { job, claim, permit, claimedAt, leave, bury } = item;
    const taken = { key: job.key, permit, signal: item.signal };
    const outcome = outcomeOf({ item, bury, wakeOnFailure }, runtime.ports.clock);
    const error = 'error' in outcome ? outcome.error : undefined;
    if (error?.kind === 'fatal') this.#stopBecause(error);
    try {
      await abortable(this.#overdue.signal, this.#progress.stop(job.key));
      const onReturn = (): void => this.#held.end(job.key, item.signal);
      const ranOn = (): boolean => this.#held.ranOn(item.signal);
      const destination = { ...this.#options, onReturn, ranOn };
      const ended = await this.#patiently(job.key, () => settle(claim, outcome, destination));
      if (ended === 'parked') this.#held.park(claim);
      if (ended === 'lost') await removeOrphan(job, this.#options, this.#overdue.signal);
      this.#end(taken, ended, claimedAt, error);
    } catch (thrown) {
      this.#abandon(taken, claimedAt, classify(thrown));
    } finally {
      leave();
    }
  }

  /** Does something with Redis, however long Redis is away; until nothing may wait any more. */
  #patiently<Result>(key: string | undefined, attempt: () => Promise<Result>): Promise<Result> {
    const { runtime } = this.#options;
    const signal = this.#overdue.signal;
    return retryUnavailable({
      attempt: () => abortable(signal, attempt()),
      policy: { ...runtime.retry, longestDelayMs: REDIS_PAUSE_MS, budgetMs: Infinity },
      clock: runtime.ports.clock,
      signal,
      onRetry: ({ code, message }) => runtime.emit({ type: 'write failed', key, code, message }),
    });
  }

  #end(
    { key, permit, signal }: TakenKey,
    outcome: OutcomeKind,
    since: number,
    error?: KnownError,
  ): void {
    const { runtime } = this.#options;
    this.#held.end(key, signal);
    permit.release();
    const ms = runtime.ports.clock.monotonic() - since;
    runtime.emit({ type: 'job ended', key, outcome, ms, ...(error && { error }) });
  }

  /** Leaves a key where it is: it is given back by the next reconcile, by the last look, or by a peer. */
  #abandon(taken: TakenKey, since: number, error: KnownError): void {
    if (error.kind === 'fatal') this.#stopBecause(error);
    this.#end(taken, 'abandoned', since, error);
  }

  /** Gives back the parents that wait here, and what else is left in the list; the last to go queues all children. */
  async #leave(): Promise<void> {
    const { queue, families, phases, runtime } = this.#options;
    const { parked } = this.#held;
    void this.#after(LAST_WRITES_MS, () => this.#overdue.abort(stopping()));
    try {
      for (const claim of parked) await this.#patiently(claim.key, () => queue.requeue(claim));
      const left = await this.#patiently(undefined, () => queue.unregister());
      reportRecovered(runtime.emit, left, 'stop');
      if (phases.split) await this.#patiently(undefined, () => families.queueAll());
    } catch (thrown) {
      runtime.emit({ type: 'intake failed', error: untold(classify(thrown)) });
    }
  }

  async #after(ms: number, act: () => void): Promise<void> {
    const slept = this.#options.runtime.ports.clock.sleep(ms, this.#ended.signal);
    await slept.then(act, () => undefined);
  }

  #stopBecause(error: KnownError): void {
    this.#fatal ??= error;
    this.stop();
  }
}

const STOPPING = 'The consumer is stopping; the job goes back to its queue.';
const stopping = (): KnownError => new KnownError('shutting_down', STOPPING);
