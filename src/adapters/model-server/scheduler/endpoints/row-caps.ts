import type { PredictFact } from '../../../../facts/predict.ts';

/** Full batches that must succeed before one more row is tried after the memory of a server was too small. */
const BATCHES_TO_RAISE = 50;
/** Full batches after which a limit that a server stated is tried again: it may have been started anew. */
const BATCHES_TO_FORGET = 2000;

/** What is known about the rows that requests to each model may carry. */
export class RowCaps {
  readonly #emit: (fact: PredictFact) => void;
  readonly #caps = new Map<string, RowCap>();

  constructor(emit: (fact: PredictFact) => void) {
    this.#emit = emit;
  }

  /** Rows at most for a model, `NuclearSegmentation:6`. */
  rows(model: string): number {
    return this.#caps.get(model)?.rows ?? Infinity;
  }

  refused(model: string, sent: number, stated: number | undefined): void {
    this.#learn(model, (cap) => cap.refused(sent, stated));
  }

  outOfMemory(model: string, sent: number): void {
    this.#learn(model, (cap) => cap.outOfMemory(sent));
  }

  succeeded(model: string, sent: number): void {
    this.#caps.get(model)?.succeeded(sent);
  }

  #learn(model: string, lesson: (cap: RowCap) => void): void {
    const cap = this.#caps.get(model) ?? new RowCap();
    this.#caps.set(model, cap);
    lesson(cap);
    this.#emit({ type: 'rows limited', model, rows: cap.rows });
  }
}

/** How many rows of one model a request may carry, as its servers' answers taught. */
export class RowCap {
  #stated = Infinity;
  #learned = Infinity;
  /** The smallest batch that did not fit into memory. */
  #tooMany = Infinity;
  #successes = 0;

  /** Rows at most; Infinity while nothing was learned. */
  get rows(): number {
    return Math.min(this.#stated, this.#learned);
  }

  /** A server refused `sent` rows because of their number; `stated` is the limit that it named, if it did. */
  refused(sent: number, stated: number | undefined): void {
    this.#stated = stated !== undefined && stated < sent ? Math.max(1, stated) : half(sent);
    this.#successes = 0;
  }

  /** A server ran out of memory over `sent` rows. */
  outOfMemory(sent: number): void {
    this.#tooMany = Math.min(this.#tooMany, sent);
    this.#learned = Math.min(this.#learned, half(sent));
    this.#successes = 0;
  }

  /** A batch of `sent` rows came back. Slowly forgets: the limit of memory row by row, a stated one at once. */
  succeeded(sent: number): void {
    if (sent < this.rows || this.rows === Infinity) return;
    this.#successes++;
    if (this.#learned <= this.#stated) {
      if (this.#successes % BATCHES_TO_RAISE === 0) this.#raise();
    } else if (this.#successes === BATCHES_TO_FORGET) {
      this.#stated = Infinity;
      this.#successes = 0;
    }
  }

  #raise(): void {
    this.#learned++;
    if (this.#learned < this.#tooMany) return;
    this.#learned = Infinity;
    this.#tooMany = Infinity;
  }
}

function half(rows: number): number {
  return Math.max(1, Math.floor(rows / 2));
}
