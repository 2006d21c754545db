/** Where a file is on its way. */
export type Step = 'uploading' | 'waiting' | 'done' | 'failed';

export type Counts = Readonly<Record<Step, number>>;

/** Counts files by where they are. */
export class Tally {
  readonly #counts = { uploading: 0, waiting: 0, done: 0, failed: 0 };
  readonly #changed: (counts: Counts) => void;

  constructor(files: number, changed: (counts: Counts) => void) {
    this.#counts.uploading = files;
    this.#changed = changed;
  }

  move(from: Step, to: Step): void {
    this.#counts[from] -= 1;
    this.#counts[to] += 1;
    this.#changed(this.#counts);
  }
}
