import type { Parts } from './parts.ts';

/** Where a file is on its way. */
export type Step = 'uploading' | 'waiting' | 'done' | 'failed';

export interface Counts extends Readonly<Record<Step, number>> {
  /** Of the waiting jobs that are made of others: how many they are, and their parts together. */
  readonly parents?: Parts & { readonly jobs: number };
}

/** Counts files by where they are. */
export class Progress {
  readonly #counts = { uploading: 0, waiting: 0, done: 0, failed: 0 };
  readonly #parts = new Map<string, Parts>();
  readonly #changed: (counts: Counts) => void;

  constructor(files: number, changed: (counts: Counts) => void) {
    this.#counts.uploading = files;
    this.#changed = changed;
  }

  move(from: Step, to: Step): void {
    this.#counts[from] -= 1;
    this.#counts[to] += 1;
    this.#changed(this.#now());
  }

  /** What has become of the parts of a waiting job; undefined when it has none, or has ended. */
  setParts(key: string, parts: Parts | undefined): void {
    if (equal(this.#parts.get(key), parts)) return;
    if (parts === undefined) this.#parts.delete(key);
    else this.#parts.set(key, parts);
    this.#changed(this.#now());
  }

  #now(): Counts {
    if (this.#parts.size === 0) return { ...this.#counts };
    const parents = { jobs: this.#parts.size, done: 0, failed: 0, total: 0 };
    for (const { done, failed, total } of this.#parts.values()) {
      parents.done += done;
      parents.failed += failed;
      parents.total += total;
    }
    return { ...this.#counts, parents };
  }
}

function equal(one: Parts | undefined, other: Parts | undefined): boolean {
  return one?.done === other?.done && one?.failed === other?.failed && one?.total === other?.total;
}
