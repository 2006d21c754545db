import { type OperatorFunction, connect, filter, merge, mergeMap } from 'rxjs';
import { KnownError, classify } from '../errors.ts';
import type { Emit } from '../facts/flow.ts';
import { familyOf } from './family.ts';
import type { Breakers } from './circuit-breaker/breakers.ts';
import { retryWithBreaker } from './circuit-breaker/retry-with-breaker.ts';
import type { InFlight } from './in-flight.ts';
import type { AnyStage } from './pipeline.ts';
import { type RetryPolicy, retryUnavailable } from './retry.ts';
import type { JobFamilies } from '../ports.ts';
import type { ImageLimits, Stage, StageContext, StagePorts } from './stage.ts';

/** What stages run on. */
export interface StageRuntime {
  readonly ports: StagePorts;
  readonly families: JobFamilies;
  readonly hostName: string;
  readonly limits: ImageLimits;
  readonly retry: RetryPolicy;
  readonly breakers: Breakers;
  readonly emit: Emit;
  /** Jobs that may be in a stage at a time, by the name of the stage. */
  readonly concurrencyOf: (stage: AnyStage) => number;
  /** Jobs that the worker may hold at all: the bound of everything that waits. */
  readonly jobs: number;
}

type Item = InFlight<object>;
type AStage = Stage<object, object, string>;

interface Entered {
  readonly item: Item;
  readonly at: number;
}

/**
 * Turns a stage into an operator. At most n jobs run in it and the others wait in their order; jobs that failed before
 * pass by at once; what the stage throws becomes the failure of that job alone. The stream never errors because of a job.
 */
export function runStage(approved: AnyStage, runtime: StageRuntime): OperatorFunction<Item, Item> {
  // The pipeline's overloads have checked that the value has what the stage needs.
  const stage = approved as unknown as AStage;
  return connect((items) =>
    merge(
      items.pipe(filter((item) => item.failure !== undefined)),
      items.pipe(
        filter((item) => item.failure === undefined),
        mergeMap((item) => enter(stage, item, runtime), runtime.jobs),
        mergeMap((entered) => perform(stage, entered, runtime), runtime.concurrencyOf(approved)),
      ),
    ),
  );
}

/** Reserves what the stage will hold, before it takes one of the stage's places. */
async function enter(stage: AStage, item: Item, runtime: StageRuntime): Promise<Entered> {
  const { emit, ports } = runtime;
  const at = ports.clock.monotonic();
  emit({ type: 'stage entered', stage: stage.name, job: item.job });
  try {
    const bytes = stage.footprint?.(item.value, contextOf(stage, item, runtime));
    if (bytes !== undefined) await item.permit.reserve(bytes, item.signal);
    return { item, at };
  } catch (error) {
    return { item: { ...item, failure: classify(error) }, at };
  }
}

async function perform(stage: AStage, { item, at }: Entered, runtime: StageRuntime): Promise<Item> {
  const { emit, ports } = runtime;
  const { job } = item;
  const startedAt = ports.clock.monotonic();
  emit({
    type: 'stage started',
    stage: stage.name,
    job,
    waitedMs: startedAt - at,
    notes: Object.fromEntries(item.notes),
    ...(stage.status !== undefined && { status: stage.status }),
  });
  const ended = await (item.failure ? item : attempt(stage, item, runtime));
  const ms = ports.clock.monotonic() - startedAt;
  if (stage.timing !== undefined) addSeconds(item.notes, stage.timing, ms / 1000);
  const error = ended.failure;
  emit({ type: 'stage ended', stage: stage.name, job, ms, ...(error && { error }) });
  return ended;
}

async function attempt(stage: AStage, item: Item, runtime: StageRuntime): Promise<Item> {
  try {
    const once = (): Promise<object> => limited(stage, item, runtime);
    const added = await (stage.retry === undefined
      ? once()
      : retried(once, { stage, remote: stage.remote }, item, runtime));
    return { ...item, value: without({ ...item.value, ...added }, stage.frees ?? []) };
  } catch (error) {
    return { ...item, value: {}, failure: classify(error) };
  }
}

interface Retried {
  readonly stage: AStage;
  readonly remote: string | undefined;
}

/** Repeats a stage, or a step of it, while its remote is unavailable. */
async function retried<Result>(
  attemptOnce: () => Promise<Result>,
  { stage, remote }: Retried,
  { job, signal }: Item,
  { breakers, emit, ports, retry }: StageRuntime,
): Promise<Result> {
  const attempts = {
    attempt: attemptOnce,
    policy: retry,
    clock: ports.clock,
    signal,
    onRetry: (error: KnownError, delayMs: number): void =>
      emit({ type: 'stage retried', stage: stage.name, job, error, delayMs }),
  };
  const breaker = breakers.get(remote ?? '');
  return breaker === undefined
    ? retryUnavailable(attempts)
    : retryWithBreaker({ ...attempts, breaker, job: job.key });
}

/** Runs the stage until it ends, its time is up, or the job is given up: whichever comes first. */
async function limited(stage: AStage, item: Item, runtime: StageRuntime): Promise<object> {
  const limit = new AbortController();
  const timer = stage.timeoutMs && setTimeout(() => limit.abort(tooLong(stage)), stage.timeoutMs);
  const signal = AbortSignal.any([item.signal, limit.signal]);
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(classify(signal.reason));
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    signal.throwIfAborted();
    const work = stage.run(item.value, contextOf(stage, { ...item, signal }, runtime));
    return await Promise.race([givenUp, work]);
  } finally {
    clearTimeout(timer);
    // A listener that stays keeps what the stage returned alive until the job ends, whatever later stages free.
    signal.removeEventListener('abort', giveUp);
  }
}

function tooLong(stage: AStage): KnownError {
  const seconds = (stage.timeoutMs ?? 0) / 1000;
  return new KnownError('stage_timeout', `Stage ${stage.name} took longer than ${seconds} s.`);
}

function contextOf(stage: AStage, item: Item, runtime: StageRuntime): StageContext {
  const { ports, families, hostName, limits, emit } = runtime;
  const { job, claim, signal, permit, notes } = item;
  return {
    ...ports,
    job,
    family: familyOf({ families, claim, hostName, now: () => ports.clock.now() }),
    limits,
    signal,
    note(fields) {
      for (const [name, value] of Object.entries(fields)) notes.set(name, String(value));
    },
    progress: (done) => emit({ type: 'stage progressed', stage: stage.name, job, done }),
    holds: (bytes) => permit.holds(bytes),
    moved: (direction, bytes) =>
      emit({ type: 'bytes moved', stage: stage.name, job, direction, bytes }),
    persist: (remote, step) => retried(step, { stage, remote }, item, runtime),
    warn: (message) => emit({ type: 'job warned', job, message }),
  };
}

function addSeconds(notes: Map<string, string>, field: string, seconds: number): void {
  const total = Number(notes.get(field) ?? 0) + seconds;
  notes.set(field, String(Number(total.toFixed(6))));
}

function without(value: object, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !fields.includes(name)));
}
