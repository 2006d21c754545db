import type { PredictFact } from '../../../../facts/predict.ts';
import { RowCap } from './row-cap.ts';

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
