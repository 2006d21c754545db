import type { KnownError } from '../errors.ts';
import type { Claim } from '../ports.ts';
import type { JobWarnings } from '../job/job-warnings.ts';
import type { Job } from '../job/job.ts';

/** The memory of one job. */
export interface JobMemory {
  /**
   * Waits until the job may hold `bytes` more. The oldest job does not wait for jobs that wait themselves. Rejects
   * when the signal fires, with `out_of_memory` if so much does not exist, and with `memory_shortage` if the oldest job
   * needs what this one holds: jobs that all wait would block each other for ever.
   */
  reserve(bytes: number, signal: AbortSignal): Promise<void>;
  /** Reserves if that needs no waiting; whether it did. */
  tryReserve(bytes: number): boolean;
  /** The job holds `bytes` less. */
  giveBack(bytes: number): void;
  /** Sets what the job holds in all, without waiting. */
  holds(bytes: number): void;
  /** The job has come to this stage: memory that only earlier stages needed is not kept free for it any more. */
  arrive(stage: string): void;
  /**
   * A remote has failed the job, which tries it again: until the job waits for memory, or comes to another stage,
   * nothing is kept free for it.
   */
  rest(): void;
}

/** The right to hold one job and the memory that it needs. Once it is released, every other call is ignored. */
export interface Permit extends JobMemory {
  /** The job has been claimed: its age counts from now on. Called once at most; the first reservation does it too. */
  begin(): void;
  /** Gives the right and all memory back; once. */
  release(): void;
}

/**
 * What is done with a job now: all of it, or, of a job made of jobs, handing out its children or putting their results
 * together.
 */
export type Phase = 'work' | 'split' | 'join';

/** A job on its way through the stages: its value so far, or why it failed. */
export interface InFlight<Value> {
  readonly job: Job;
  readonly claim: Claim;
  readonly phase: Phase;
  readonly permit: Permit;
  /** Fires when the job is to be given up. */
  readonly signal: AbortSignal;
  /** `monotonic()` at the claim. */
  readonly claimedAt: number;
  /** Fields to write to the hash with the next status and at the end; stages add to it. */
  readonly notes: Map<string, string>;
  readonly warnings: JobWarnings;
  /** What the stages so far left; not to be looked at after a failure. */
  readonly value: Value;
  readonly failure?: KnownError;
}
