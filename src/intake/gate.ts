import type { Fact } from '../facts/flow.ts';

/** Keeps the intake closed while jobs that are held wait for a remote to come back: more jobs would only wait as well. */
export class IntakeGate {
  readonly #waiting = new Map<string, string>();
  readonly #problem: () => string | undefined;

  /** `problem` tells why the model servers cannot be used, if so. */
  constructor(problem: () => string | undefined) {
    this.#problem = problem;
  }

  readonly listen = (fact: Fact): void => {
    if (fact.type === 'stage retried') this.#waiting.set(fact.job.key, fact.error.message);
    else if (fact.type === 'stage ended') this.#waiting.delete(fact.job.key);
  };

  /** Why no job should be taken now; undefined if the gate is open. */
  readonly closedBecause = (): string | undefined => {
    const [first] = this.#waiting.values();
    return this.#problem() ?? first;
  };
}
