import type { Emit } from '../../facts/flow.ts';
import type { JobFamilies, JobHashes } from '../../ports.ts';
import type { Breakers } from '../circuit-breaker/breakers.ts';
import type { StagePlaces } from './places.ts';
import type { OwnMetric } from '../../facts/own-metric.ts';
import type { RetryPolicy } from '../retry.ts';
import type { ImageLimits, Stage, StagePorts } from '../stage.ts';

/** What stages run on. */
export interface StageRuntime {
  readonly ports: StagePorts;
  readonly families: JobFamilies;
  readonly hashes: Pick<JobHashes, 'update'>;
  readonly hostName: string;
  /** The queue that the jobs are from. */
  readonly queue: string;
  readonly limits: ImageLimits;
  /** Temporary arrays of a kernel for which each thread has memory already; absent: none. */
  readonly scratchBytes?: number;
  readonly retry: RetryPolicy;
  readonly breakers: Breakers;
  readonly emit: Emit;
  /** The metrics that the workflow declares; absent: none. */
  readonly metrics?: readonly OwnMetric[];
  /** How many jobs may be in a stage at a time. */
  readonly places: StagePlaces;
  /** Milliseconds without progress after which a stage is given up, unless it says otherwise itself. */
  readonly timeoutMs: number;
}

/** A stage as the wiring sees it: the types of a pipeline have been checked before. */
export type ErasedStage = Stage<object, object, string>;
