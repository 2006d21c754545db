import type { Direction } from '../facts/flow.ts';
import type { Bucket, Clock, ComputePool, ModelServer } from '../ports.ts';
import type { Family } from './family.ts';
import type { Job } from '../job/job.ts';
import type { LabelArguments, LabelValues, OwnMetric } from '../facts/own-metric.ts';

/** The outside world that a stage may use. */
export interface StagePorts {
  readonly bucket: Bucket;
  readonly models: ModelServer;
  readonly compute: ComputePool;
  readonly clock: Clock;
}

/** Limits on what a job may ask for, from the settings. */
export interface ImageLimits {
  readonly maxFileBytes: number;
  /** Rows. */
  readonly maxHeight: number;
  /** Columns. */
  readonly maxWidth: number;
  /** Pages of a stack. */
  readonly maxFrames: number;
}

/** Gives memory back before the stage ends. */
export type GiveBack = () => void;

/**
 * What a running stage knows besides its value.
 *
 * @example
 * async function judge({ image }: { image: Image }, { note, warn }: StageContext) {
 *   const brightest = image.data.reduce((most, value) => Math.max(most, value), 0);
 *   note({ brightest });
 *   if (brightest === 0) warn('The image is dark.');
 *   return {};
 * }
 */
export interface StageContext extends StagePorts {
  readonly job: Job;
  /** The children of the job, for workflows made of `split` and `join`. */
  readonly family: Family;
  readonly limits: ImageLimits;
  /** Fires when the job is to be given up; pass it to every call that waits. */
  readonly signal: AbortSignal;
  /** Adds fields to the job's hash: written with the next status, and at the end at the latest. */
  readonly note: (fields: Readonly<Record<string, string | number>>) => void;
  /**
   * Notes fields, and writes all that the job has noted and its warnings to the hash before it resolves: what a
   * run after a crash must know, which finds it in `job.fields`. Rejects with `claim_lost` if another consumer
   * has the job.
   */
  readonly flush: (fields: Readonly<Record<string, string | number>>) => Promise<void>;
  /** Tells how much of this stage is done, 0 to 1. */
  readonly progress: (done: number) => void;
  /**
   * Waits until the stage may take `bytes` of memory more; call it before taking them, once at a time. The
   * result gives them back early; when the stage ends, all goes back but what its value holds. Rejects with
   * `out_of_memory` if so much does not exist. `staying` are reserved together with them, and stay until the
   * stage ends.
   */
  readonly reserve: (bytes: number, staying?: number) => Promise<GiveBack>;
  /** Does the same if that needs no waiting; else undefined. */
  readonly tryReserve: (bytes: number) => GiveBack | undefined;
  /** Tells that the stage has read bytes (in) or written them (out). */
  readonly moved: (direction: Direction, bytes: number) => void;
  /**
   * Repeats one step of a stage while a remote, such as `bucket_read`, is unavailable, with its circuit
   * breaker. For stages of many steps, which should not all begin anew because of one.
   */
  readonly persist: <Result>(remote: string, attempt: () => Promise<Result>) => Promise<Result>;
  /**
   * Records a value of one of the `metrics` that the workflow declares: adds it to a counter, sets a
   * gauge, counts it in a histogram. A stage that runs again for a job records again. Throws
   * `bad_workflow` for a metric that is not declared and for a label or a value that it cannot have.
   */
  readonly record: <Labels extends LabelValues>(
    metric: OwnMetric<Labels>,
    value: number,
    ...labels: LabelArguments<Labels>
  ) => void;
  /** A remark for the log and the hash, once: nothing failed, but the user may want to know. */
  readonly warn: (message: string) => void;
}

/**
 * One named step of a pipeline. It needs the fields of `In`, adds those of `Adds`, and afterwards the fields
 * named in `frees` are forgotten. It may throw; policy comes from outside.
 *
 * @example
 * const size: Stage<{ image: Image }, { pixels: number }> = {
 *   name: 'size',
 *   concurrency: 4,
 *   needs: ['image'],
 *   adds: ['pixels'],
 *   run: async ({ image }) => ({ pixels: image.data.length }),
 * };
 */
export interface Stage<In, Adds, Frees extends string = never> {
  /** In snake case: the metric label, and in capitals the beginning of `<NAME>_CONCURRENCY`. */
  readonly name: string;
  /** How many jobs may be in this stage at a time, unless the environment says otherwise. */
  readonly concurrency: number;
  /** What the job's `status` says while the stage runs. */
  readonly status?: string;
  /** The field of the hash to which the stage's duration is added, in seconds. */
  readonly timing?: string;
  /**
   * Milliseconds without progress after which the stage is given up; STAGE_TIMEOUT if absent. Time in which it waits
   * for memory, or for a model that works on no server, does not count.
   */
  readonly timeoutMs?: number;
  /** Whether an `unavailable` remote is worth another try of the whole stage. */
  readonly retry?: 'unavailable';
  /**
   * What the stage talks to, such as `bucket_read`. With `retry`, stages that name the same remote share its circuit
   * breaker: while it serves nobody, no jobs are taken, and none fails because of it.
   */
  readonly remote?: string;
  /**
   * Fields of the value that it needs. With `adds` and `frees` the order of stages is checked before a job is
   * taken.
   */
  readonly needs?: readonly string[];
  /** Fields that it adds; absent if it does not say. */
  readonly adds?: readonly string[];
  /** Those of `adds` that it sometimes leaves out; absent: none. */
  readonly mayLack?: readonly string[];
  /** Fields of the value that no later stage needs. */
  readonly frees?: readonly Frees[];
  /**
   * Bytes of memory that the stage needs besides what its value holds: what it adds, and what it takes
   * meanwhile. They are reserved before the stage starts; a size that only the running stage can know is for
   * `reserve`. Absent: as much again as the value holds.
   */
  readonly footprint?: (value: In, context: FootprintContext) => number;
  /** Kernels that the stage may run. A name that the compute pool does not have is refused at the start. */
  readonly kernels?: readonly string[];
  readonly run: (value: In, context: StageContext) => Promise<Adds>;
}

/** What the memory that a stage needs may depend on. */
export interface FootprintContext extends Pick<StageContext, 'job' | 'limits'> {
  /** Temporary arrays of a kernel for which each thread has memory already; absent: none. */
  readonly scratchBytes?: number;
}

/** A stage whose place in a pipeline the type checker has already approved. */
export type AnyStage = Stage<never, object, string>;

/**
 * Stages in order, the last of which leaves a value of type `End`.
 *
 * @example
 * const begin: Pipeline<{ image: Image }> = pipeline(download, describeImage, decodeImage, orient());
 */
export interface Pipeline<End> {
  readonly stages: readonly AnyStage[];
  /** For the type checker only; never set. */
  readonly end?: End;
}

type After<Steps extends readonly unknown[], Value> = Steps extends readonly [
  infer Adds,
  infer Frees,
  ...infer Rest,
]
  ? After<Rest, Omit<Value, keyof Adds | (Frees & string)> & Adds>
  : Value;

/**
 * The value after stages that add `A1`, free `F1`, add `A2`, free `F2`, … It is inferred once more so that the compiler
 * lists its fields in an error, and not the steps to them.
 */
export type ValueAfter<Steps extends readonly unknown[]> =
  After<Steps, object> extends infer Value ? { [Name in keyof Value]: Value[Name] } : never;

/**
 * Declares a stage and returns it unchanged, with its types inferred.
 *
 * @example
 * const count = defineStage({
 *   name: 'count',
 *   concurrency: 4,
 *   needs: ['labels'],
 *   adds: ['cells'],
 *   run: async ({ labels }: { labels: Labels }) => ({ cells: new Set(labels.data).size - 1 }),
 * });
 */
export function defineStage<In, Adds, const Frees extends string = never>(
  stage: Stage<In, Adds, Frees>,
): Stage<In, Adds, Frees> {
  return stage;
}
