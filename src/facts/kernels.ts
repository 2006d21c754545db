import type { KnownError } from '../errors.ts';

/** What happened in the pool. Durations are milliseconds. */
export type KernelFact =
  | { readonly type: 'kernel started'; readonly kernel: string; readonly waitedMs: number }
  | {
      readonly type: 'kernel ended';
      readonly kernel: string;
      readonly ms: number;
      /** Absent when the kernel did its work. */
      readonly error?: KnownError;
    }
  /** A thread ended with the kernel that it ran; the next call gets a new one. */
  | { readonly type: 'thread lost'; readonly kernel: string };
