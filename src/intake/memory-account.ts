import type { JobMemory } from '../flow/in-flight.ts';

export interface MemoryLimits {
  /** Bytes that the jobs held may reserve together. */
  readonly bytes: number;
  /**
   * Bytes that there are at all. The oldest job may go beyond `bytes`, but all jobs together never beyond
   * this; a job that needs more alone is refused. Absent: no such limit.
   */
  readonly most?: number;
  /** At most this share of all bytes is kept free for the oldest job. Absent: half. */
  readonly keptFree?: number;
  /** True while the process is close to the end of its memory: then only the oldest job gets any. Absent: never. */
  readonly isTight?: () => boolean;
}

/** What one job has reserved. Once it is closed, every call is ignored. */
export interface MemoryAccount extends JobMemory {
  /** Gives everything back, for good. */
  close(): void;
}
