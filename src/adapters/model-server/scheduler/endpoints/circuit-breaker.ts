import type { PredictFact } from '../../../../facts/predict.ts';

type State = 'closed' | 'open' | 'half open';

interface Servers {
  readonly up: number;
  readonly onTrial: number;
  /** Why the last call or the search for addresses failed. */
  readonly reason: string | undefined;
}

/**
 * One switch over all servers: open while none of them answers, half open while one that did not is tried. Rows
 * wait meanwhile. Tells each change once.
 */
export class CircuitBreaker {
  readonly #emit: (fact: PredictFact) => void;
  #state: State = 'closed';
  #reason: string | undefined;

  constructor(emit: (fact: PredictFact) => void) {
    this.#emit = emit;
  }

  update({ up, onTrial, reason }: Servers): void {
    const state = up > 0 ? 'closed' : onTrial > 0 ? 'half open' : 'open';
    this.#reason =
      state === 'closed' ? undefined : `No model server answers: ${reason ?? 'none is known'}`;
    if (state === this.#state) return;
    this.#state = state;
    this.#emit({
      type: 'breaker changed',
      state,
      ...(this.#reason !== undefined && { reason: this.#reason }),
    });
  }

  /** Undefined while it is closed. */
  problem(): string | undefined {
    return this.#reason;
  }
}
