import type { Fact } from '../facts/flow.ts';
import type { Breakers } from '../flow/circuit-breaker/breakers.ts';

/** Decides whether jobs are taken. */
export interface Gate {
  /** Why the gate is closed; undefined if it is open. */
  problem(): string | undefined;
  /** Whether one job is to be taken although it is closed. */
  wantsGuest(): boolean;
}

interface Guarded {
  /** Why the model servers cannot be used, if so. */
  readonly models: () => string | undefined;
  readonly breakers: Breakers;
}

/**
 * Keeps the intake closed while a remote serves no job: more jobs would only wait as well. Where too few jobs are held
 * to try the remote with, one more is let in at a time.
 */
export class IntakeGate implements Gate {
  readonly #guarded: Guarded;
  /** The job that was let in last while the gate was closed. */
  #guest: string | undefined;

  constructor(guarded: Guarded) {
    this.#guarded = guarded;
  }

  readonly listen = (fact: Fact): void => {
    if (fact.type === 'job claimed' && this.problem() !== undefined) this.#guest = fact.key;
    else if (fact.type === 'job ended' && fact.key === this.#guest) this.#guest = undefined;
    // A guest that has tried in vain is one of those that wait.
    else if (fact.type === 'breaker changed' && fact.state === 'open') this.#guest = undefined;
  };

  problem(): string | undefined {
    const { models, breakers } = this.#guarded;
    const [problem] = Array.from(breakers.values(), (breaker) => breaker.problem() ?? []).flat();
    return models() ?? problem;
  }

  wantsGuest(): boolean {
    const { models, breakers } = this.#guarded;
    if (this.#guest !== undefined || models() !== undefined) return false;
    return [...breakers.values()].every(
      (breaker) => breaker.state === 'closed' || breaker.wantsAnotherJob,
    );
  }
}
