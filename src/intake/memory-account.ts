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
export interface MemoryAccount {
  /**
   * Waits until the job may hold `bytes` more. Rejects when the signal fires, with `out_of_memory` if so much does not
   * exist, and with `memory_shortage` if the oldest job needs what this one holds: jobs that all wait would block each
   * other for ever.
   */
  reserve(bytes: number, signal: AbortSignal): Promise<void>;
  /** Reserves if that needs no waiting; whether it did. */
  tryReserve(bytes: number): boolean;
  /** The job holds `bytes` less. */
  giveBack(bytes: number): void;
  /** Sets what the job holds in all, without waiting. */
  holds(bytes: number): void;
  /** The job is in this stage now: what only earlier ones needed is not kept free for it any more. */
  arrive(stage: string): void;
  /**
   * A remote has failed the job, which tries it again: until the job waits for memory, or comes to another stage,
   * nothing is kept free for it.
   */
  rest(): void;
  /** Gives everything back, for good. */
  close(): void;
}
