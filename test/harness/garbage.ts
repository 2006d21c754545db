import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
// A context made after the flag was set has the function that the flag is for.
const collectGarbage = runInNewContext('gc') as () => void;

const ROUNDS = 50;

/** Tells which of the objects given to it were collected. */
export class Graveyard {
  readonly #collected = new Set<string>();
  readonly #registry = new FinalizationRegistry<string>((name) => this.#collected.add(name));

  watch(name: string, value: object): void {
    this.#registry.register(value, name);
  }

  /** Collects garbage until the named object is gone; false if something keeps it alive. */
  async collects(name: string): Promise<boolean> {
    for (let round = 0; round < ROUNDS && !this.#collected.has(name); round++) {
      collectGarbage();
      await turn();
    }
    return this.#collected.has(name);
  }
}
