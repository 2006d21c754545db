import { onAbort } from '../abort.ts';

/** The right of one job to run in a stage. */
export interface Place {
  /** Leaves the place to others while `wait` lasts, and takes it again afterwards. */
  lend<Result>(wait: () => Promise<Result>): Promise<Result>;
  /** Gives the place back; once. */
  leave(): void;
}

interface Waiter {
  readonly age: number;
  readonly enter: () => void;
}

/** A limited number of places. Who waits gets one by age: those with the smallest `age` first. */
export class Places {
  readonly limit: number;
  #taken = 0;
  /** Oldest first. */
  readonly #waiting: Waiter[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Places taken now. */
  get taken(): number {
    return this.#taken;
  }

  /** Waits for a place. */
  async take(age: number, signal: AbortSignal): Promise<Place> {
    await this.#enter(age, signal);
    return new TakenPlace({ enter: () => this.#enter(age, signal), free: () => this.#free() });
  }

  async #enter(age: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { age, enter: resolve };
    const behind = this.#waiting.findIndex((other) => other.age > age);
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, waiter);
    const stopListening = onAbort(signal, (reason) => {
      const at = this.#waiting.indexOf(waiter);
      if (at >= 0) this.#waiting.splice(at, 1);
      reject(reason);
    });
    this.#admit();
    return promise.finally(stopListening);
  }

  #free(): void {
    this.#taken--;
    this.#admit();
  }

  #admit(): void {
    while (this.#taken < this.limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#taken++;
      next.enter();
    }
  }
}

interface Door {
  readonly enter: () => Promise<void>;
  readonly free: () => void;
}

class TakenPlace implements Place {
  readonly #door: Door;
  /** How many waits the place is lent for. */
  #lent = 0;
  #isHeld = true;
  #hasLeft = false;
  #entering: Promise<void> | undefined;

  constructor(door: Door) {
    this.#door = door;
  }

  async lend<Result>(wait: () => Promise<Result>): Promise<Result> {
    this.#lent++;
    this.#give();
    try {
      return await wait();
    } finally {
      this.#lent--;
      if (this.#lent === 0 && !this.#hasLeft) await (this.#entering ??= this.#enterAgain());
    }
  }

  leave(): void {
    this.#hasLeft = true;
    this.#give();
  }

  #give(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#door.free();
  }

  async #enterAgain(): Promise<void> {
    try {
      await this.#door.enter();
      this.#isHeld = true;
    } finally {
      this.#entering = undefined;
    }
    // Meanwhile another wait may have begun, or the job may have left.
    if (this.#lent > 0 || this.#hasLeft) this.#give();
  }
}

/** The places of each stage, by its name: stages of one name share them, in one pipeline or in several. */
export class StagePlaces {
  readonly #limitOf: (stage: string) => number | undefined;
  readonly #places = new Map<string, Places>();

  /** `limitOf` gives the places of a stage by its name; a stage that it does not know has as many as it declares. */
  constructor(limitOf: (stage: string) => number | undefined = () => undefined) {
    this.#limitOf = limitOf;
  }

  of({ name, concurrency }: { readonly name: string; readonly concurrency: number }): Places {
    let places = this.#places.get(name);
    if (places === undefined) {
      places = new Places(this.#limitOf(name) ?? concurrency);
      this.#places.set(name, places);
    }
    return places;
  }
}
