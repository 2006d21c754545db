import type { Logger } from 'pino';
import type { OwnMetric } from '../facts/own-metric.ts';
import type { Clock, QueueDepth } from '../ports.ts';
import type { FirstFindings } from './health.ts';
import type { Tracing } from './tracing/tracing.ts';

interface Amounts {
  readonly jobs: number;
  readonly bytes: number;
}

/** A queue that the process serves. */
interface WatchedQueue {
  readonly queue: string;
  readonly workflow: string;
  /** Those of an author. */
  readonly metrics: readonly OwnMetric[];
  readonly depth: () => Promise<QueueDepth | undefined>;
}

export interface TelemetryOptions {
  readonly log: Logger;
  readonly clock: Clock;
  readonly version: string;
  readonly queues: readonly WatchedQueue[];
  readonly hostName: string;
  /** Jobs that may be in each stage at a time, stages in order. */
  readonly concurrency: ReadonlyMap<string, number>;
  readonly permits: {
    readonly held: Amounts;
    readonly limits: Amounts;
    /** True while no job can be taken. */
    readonly isFull: boolean;
    /** True while the process is close to the end of its memory. */
    readonly isTight: boolean;
    /** Who waits for memory. */
    readonly waitsForMemory: { readonly job: boolean; readonly intake: boolean };
  };
  /** Why each dependency cannot be used now, if so. */
  readonly problems: Readonly<Record<string, () => string | undefined>>;
  /** What was found when dependencies were tried first. */
  readonly firstFindings?: () => FirstFindings;
  readonly stopping: () => boolean;
  /** A consumer that is full is unhealthy when no job has got on for so long; 0: never. */
  readonly stalledAfterMs: number;
  /** All who ask for status or metrics within so long get the same answer. */
  readonly sharedMs?: number;
  /** Compute threads. */
  readonly threads: number;
  /** Whether predictions wait because the model servers have all the calls that they take. */
  readonly modelsFull: () => boolean;
  /** Kernels that wait for one. */
  readonly computeWaiting: () => number;
  readonly tracing: Tracing;
}
