import {
  type Observable,
  concatMap,
  exhaustMap,
  from,
  interval,
  lastValueFrom,
  mergeMap,
} from 'rxjs';
import { KnownError, classify } from './errors.ts';
import type { OutcomeKind } from './facts/flow.ts';
import type { InFlight, Permit } from './flow/in-flight.ts';
import type { Job } from './flow/job.ts';
import type { Pipeline } from './flow/pipeline.ts';
import { retryUnavailable } from './flow/retry.ts';
import { type StageRuntime, runStage } from './flow/run-stage.ts';
import type { Delivered } from './flow/workflow.ts';
import { type Claim, claimJobs } from './intake/claim-jobs.ts';
import { openJob } from './intake/open-job.ts';
import type { PermitPool } from './intake/permits.ts';
import { outcomeOf } from './settlement/outcome.ts';
import type { ProgressReporter } from './settlement/progress.ts';
import { settle } from './settlement/settle.ts';
import type { JobStore } from './ports.ts';

export interface WorkerOptions {
  readonly queue: string;
  readonly accepts: (job: Job) => boolean;
  readonly pipeline: Pipeline<Delivered>;
  readonly store: JobStore;
  readonly permits: PermitPool;
  readonly progress: ProgressReporter;
  readonly runtime: StageRuntime;
  /** Why no job should be taken now, if so. */
  readonly closedBecause: () => string | undefined;
  readonly reconcileIntervalMs: number;
  /** How long jobs in flight get to finish once the worker was told to stop. */
  readonly graceMs: number;
}

const HEARTBEAT_MS = 3000;

/** Claims jobs, runs them through the stages of a workflow, and settles them, until told to stop. */
export class Worker {
  readonly #options: WorkerOptions;
  /** The jobs held, and how to give each up. */
  readonly #held = new Map<string, AbortController>();
  readonly #noMoreJobs = new AbortController();
  readonly #giveUp = new AbortController();
  #fatal: KnownError | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** The whole flow. Resolves once every job has been settled, with the error that made the worker stop if there was one. */
  async run(): Promise<KnownError | undefined> {
    const { pipeline, permits, runtime, store } = this.#options;
    const jobs = permits.limits.jobs;

    const opened = from(this.#claims()).pipe(
      mergeMap((claim) => this.#open(claim), jobs),
      concatMap((items) => items),
    );
    const worked = pipeline.stages.reduce<Observable<InFlight<object>>>(
      (items, stage) => items.pipe(runStage(stage, runtime)),
      opened,
    );
    const settled = worked.pipe(mergeMap((item) => this.#settle(item), jobs));
    const heartbeat = interval(HEARTBEAT_MS).pipe(
      exhaustMap(() => store.touch([...this.#held.keys()]).catch(() => undefined)),
    );

    const beating = heartbeat.subscribe();
    await lastValueFrom(settled, { defaultValue: undefined });
    beating.unsubscribe();
    this.#noMoreJobs.abort();
    return this.#fatal;
  }

  /** Takes no more jobs and lets those in flight finish; what is not finished when the grace is over goes back to the queue. */
  stop(): void {
    if (this.#noMoreJobs.signal.aborted) return;
    this.#noMoreJobs.abort(stopping());
    setTimeout(() => this.stopNow(), this.#options.graceMs).unref();
  }

  /** Gives all jobs in flight back to the queue. */
  stopNow(): void {
    this.#noMoreJobs.abort(stopping());
    this.#giveUp.abort(stopping());
    for (const control of this.#held.values()) control.abort(stopping());
  }

  get stopping(): boolean {
    return this.#noMoreJobs.signal.aborted;
  }

  #claims(): AsyncGenerator<Claim, void, void> {
    const { store, permits, runtime, closedBecause, reconcileIntervalMs } = this.#options;
    return claimJobs({
      store,
      permits,
      closedBecause,
      reconcileIntervalMs,
      clock: runtime.ports.clock,
      emit: runtime.emit,
      keysHeld: this.#held,
      onFatal: (error) => this.#stopBecause(error),
      signal: this.#noMoreJobs.signal,
    });
  }

  /** The job of a claim, ready for the first stage; nothing if there is nothing to do for it. */
  async #open({ key, permit }: Claim): Promise<InFlight<object>[]> {
    const { store, queue, accepts, runtime } = this.#options;
    const claimedAt = runtime.ports.clock.monotonic();
    const control = new AbortController();
    this.#held.set(key, control);
    try {
      const opened = await this.#patiently(key, () => openJob(key, { store, queue, accepts }));
      if (opened.kind === 'dropped') {
        await this.#patiently(key, () => store.drop(key));
        this.#end(key, permit, 'dropped', claimedAt);
        return [];
      }
      const { job } = opened;
      runtime.emit({ type: 'job started', job, queuedMs: this.#queuedMs(job) });
      const item = { job, permit, signal: control.signal, claimedAt, notes: new Map(), value: {} };
      return [opened.kind === 'failed' ? { ...item, failure: opened.error } : item];
    } catch (thrown) {
      this.#abandon(key, permit, claimedAt, classify(thrown));
      return [];
    }
  }

  async #settle(item: InFlight<object>): Promise<void> {
    const { store, progress, runtime } = this.#options;
    const { job, permit, claimedAt } = item;
    // The types of `pipeline` promise that a value that came through all stages is what a workflow delivers.
    const outcome = outcomeOf(item as InFlight<Delivered>, runtime.ports.clock);
    const error = outcome.kind === 'done' ? undefined : outcome.error;
    if (error?.kind === 'fatal') this.#stopBecause(error);
    try {
      await progress.written(job.key);
      await this.#patiently(job.key, () => settle(job.key, outcome, store));
      this.#end(job.key, permit, outcome.kind, claimedAt, error);
    } catch (thrown) {
      this.#abandon(job.key, permit, claimedAt, classify(thrown));
    }
  }

  /** Does something with Redis, however long Redis is away; until the worker is told to stop now. */
  #patiently<Result>(key: string, attempt: () => Promise<Result>): Promise<Result> {
    const { runtime } = this.#options;
    return retryUnavailable({
      attempt,
      policy: { ...runtime.retry, budgetMs: Infinity },
      clock: runtime.ports.clock,
      signal: this.#giveUp.signal,
      onRetry: ({ code, message }) => runtime.emit({ type: 'write failed', key, code, message }),
    });
  }

  #end(
    key: string,
    permit: Permit,
    outcome: OutcomeKind,
    claimedAt: number,
    error?: KnownError,
  ): void {
    const { runtime } = this.#options;
    this.#held.delete(key);
    permit.release();
    const ms = runtime.ports.clock.monotonic() - claimedAt;
    runtime.emit({ type: 'job ended', key, outcome, ms, ...(error && { error }) });
  }

  /** Leaves a claim where it is: it is found and given back at the next start, or by the next reconcile. */
  #abandon(key: string, permit: Permit, claimedAt: number, error: KnownError): void {
    if (error.kind === 'fatal') this.#stopBecause(error);
    this.#end(key, permit, 'returned', claimedAt, error);
  }

  #stopBecause(error: KnownError): void {
    this.#fatal ??= error;
    this.stop();
  }

  #queuedMs({ fields }: Job): number | undefined {
    const created = Date.parse(fields['created_at'] ?? '');
    if (Number.isNaN(created)) return undefined;
    return Math.max(0, this.#options.runtime.ports.clock.now().getTime() - created);
  }
}

function stopping(): KnownError {
  return new KnownError(
    'shutting_down',
    'The consumer is stopping; the job goes back to its queue.',
  );
}
