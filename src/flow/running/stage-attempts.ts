import { abortable } from '../../abort.ts';
import { KnownError } from '../../errors.ts';
import type { Admission } from '../circuit-breaker/circuit-breaker.ts';
import { retryWithBreaker } from '../circuit-breaker/retry-with-breaker.ts';
import type { InFlight } from '../in-flight.ts';
import { retryUnavailable } from '../retry.ts';
import { ModelWaits } from './model-waits.ts';
import type { ErasedStage, StageRuntime } from './stage-runtime.ts';
import { contextOf } from './stage-context.ts';
import type { StageMemory } from './stage-memory.ts';
import { TimeLimit } from './time-limit.ts';

/** One job in one stage. */
export interface Visit {
  readonly stage: ErasedStage;
  readonly item: InFlight<object>;
  readonly runtime: StageRuntime;
  readonly memory: StageMemory;
}

/** Runs a stage, again while its remote is unavailable. The result is what it adds to the value. */
export async function attemptStage(visit: Visit): Promise<object> {
  const { retry, remote } = visit.stage;
  const attempt = (): Promise<object> => attemptOnce(visit);
  return retry === undefined ? attempt() : persist(attempt, { remote, visit });
}

interface Persistence {
  readonly remote: string | undefined;
  readonly visit: Visit;
  readonly onRetry?: () => void;
}

/** Repeats a stage, or a step of it, while its remote is unavailable. */
async function persist<Result>(
  attempt: () => Promise<Result>,
  { remote, visit, onRetry }: Persistence,
): Promise<Result> {
  const { stage, item, runtime } = visit;
  const { job, signal } = item;
  const attempts = {
    attempt: (admission?: Admission): Promise<Result> => visit.memory.during(admission, attempt),
    policy: runtime.retry,
    waitedMs: (): number => visit.memory.waitedMs,
    clock: runtime.ports.clock,
    signal,
    onRetry: (error: KnownError, delayMs: number): void => {
      onRetry?.();
      item.permit.rest();
      runtime.emit({ type: 'stage retried', stage: stage.name, job, error, delayMs });
    },
  };
  const breaker = runtime.breakers.get(remote ?? '');
  return breaker === undefined
    ? retryUnavailable(attempts)
    : retryWithBreaker({ ...attempts, breaker, job: job.key });
}

/** Runs a stage until it ends, its time is up, or the job is given up: whichever comes first. */
async function attemptOnce(visit: Visit): Promise<object> {
  const { stage, item, runtime, memory } = visit;
  const { ports } = runtime;
  const limitMs = stage.timeoutMs ?? runtime.timeoutMs;
  const waits = new ModelWaits(ports.models);
  const limit = new TimeLimit({
    clock: ports.clock,
    limitMs,
    isExcused: () => memory.isWaiting || waits.areInVain,
    onTimeout: () => tooLong(stage, limitMs),
  });
  const signal = AbortSignal.any([item.signal, limit.signal]);
  const onProgress = (): void => limit.progressed();
  const context = contextOf({
    stage: stage.name,
    item,
    runtime,
    signal,
    memory,
    models: waits.port(),
    onProgress,
    persist: (remote, attempt) =>
      persist(attempt, {
        remote,
        visit,
        onRetry: onProgress,
      }),
  });
  memory.restart();
  try {
    signal.throwIfAborted();
    return await abortable(signal, stage.run(item.value, context));
  } finally {
    limit.end();
  }
}

/** A remote may be to blame for a stage that is worth another try; any other stage would take as long again. */
function tooLong({ name, retry, timeoutMs }: ErasedStage, limitMs: number): KnownError {
  const code = retry === undefined ? 'job_timeout' : 'stage_timeout';
  const limit = timeoutMs === undefined ? 'STAGE_TIMEOUT' : 'its own timeoutMs';
  const message = `Stage ${name} made no progress for ${limitMs / 1000} s (${limit}).`;
  return new KnownError(code, message);
}
