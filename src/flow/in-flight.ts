import type { KnownError } from '../errors.ts';
import type { Job } from './job.ts';

/** The right to hold one job and its bytes. */
export interface Permit {
  /** Waits until the job may hold `bytes` in all. The oldest job never waits, so that jobs cannot block each other for ever. */
  reserve(bytes: number, signal: AbortSignal): Promise<void>;
  /** Sets what the job holds without waiting; new jobs wait instead. */
  holds(bytes: number): void;
  /** Gives the right back; once. */
  release(): void;
}

/** A job on its way through the stages: its value so far, or why it failed. */
export interface InFlight<Value> {
  readonly job: Job;
  readonly permit: Permit;
  /** Fires when the job is to be given up. */
  readonly signal: AbortSignal;
  /** `monotonic()` at the claim. */
  readonly claimedAt: number;
  /** Fields to write to the hash with the next status and at the end; stages add to it. */
  readonly notes: Map<string, string>;
  /** What the stages so far left; not to be looked at after a failure. */
  readonly value: Value;
  readonly failure?: KnownError;
}
