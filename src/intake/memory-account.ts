import type { JobMemory } from '../flow/in-flight.ts';

export interface MemoryLimits {
  /** Bytes that the jobs held may reserve together. */
  readonly bytes: number;
  /** Bytes that one job may reserve while no other holds any; one that needs more is refused. Absent: no such limit. */
  readonly most?: number;
  /** Bytes beyond which the oldest job waits until the others hold none. Absent: as many as `most`. */
  readonly together?: number;
  /** At most this share of all bytes is kept free for the oldest job. Absent: half. */
  readonly keptFree?: number;
  /** True while the process is close to the end of its memory: then only the oldest job gets any. Absent: never. */
  readonly isTight?: () => boolean;
  /** Called when the oldest job is about to get more memory and all jobs exceed `bytes` with it; told how much more. */
  readonly makeRoom?: (bytes: number) => void;
}

/** What one job has reserved. Once it is closed, every call is ignored. */
export interface MemoryAccount extends JobMemory {
  /** Gives everything back, for good. */
  close(): void;
}
