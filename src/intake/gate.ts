import type { Fact } from '../facts/flow.ts';
import type { Breakers } from '../flow/circuit-breaker/breakers.ts';

interface Guarded {
  /** Why the model servers cannot be used, if so. */
  readonly models: () => string | undefined;
  readonly breakers: Breakers;
}

/**
 * Keeps the intake closed while a remote serves no job: more jobs would only wait as well. Where too few jobs are held
 * to try the remote with, one more is let in at a time.
 */
export class IntakeGate {
  readonly #guarded: Guarded;
  /** The job that was let in last while the gate was closed. */
  #guest: string | undefined;

  constructor(guarded: Guarded) {
    this.#guarded = guarded;
  }

  readonly listen = (fact: Fact): void => {
    if (fact.type === 'job claimed' && this.#problem() !== undefined) this.#guest = fact.key;
    else if (fact.type === 'job ended' && fact.key === this.#guest) this.#guest = undefined;
    // A guest that has tried in vain is one of those that wait.
    else if (fact.type === 'breaker changed' && fact.state === 'open') this.#guest = undefined;
  };

  /** Why no job should be taken now; undefined if the gate is open. */
  readonly closedBecause = (): string | undefined => {
    const problem = this.#problem();
    return problem !== undefined && this.#wantsGuest() ? undefined : problem;
  };

  #problem(): string | undefined {
    const { models, breakers } = this.#guarded;
    const [problem] = Array.from(breakers.values(), (breaker) => breaker.problem() ?? []).flat();
    return models() ?? problem;
  }

  #wantsGuest(): boolean {
    const { models, breakers } = this.#guarded;
    if (this.#guest !== undefined || models() !== undefined) return false;
    return [...breakers.values()].every(
      (breaker) => breaker.state === 'closed' || breaker.wantsAnotherJob,
    );
  }
}
