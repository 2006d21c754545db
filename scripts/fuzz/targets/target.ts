import type { Mutate } from '../mutate/bytes.ts';

/** Something to be fuzzed. */
export interface Target {
  /** Globs of files to begin with, besides the corpus. */
  readonly seeds: readonly string[];
  /** Inputs to begin with that are no files. */
  readonly texts?: readonly string[];
  readonly mutate: Mutate;
  /** Works on an input, and tells in few words what became of it; throws what the product throws. */
  readonly run: (bytes: Uint8Array) => Promise<string> | string;
}
