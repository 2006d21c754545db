import { onAbort } from '../../abort.ts';

/** The right of one job to run in a stage. */
export interface Place {
  /** Leaves the place to others while `wait` lasts, and takes it again afterwards. */
  lend<Result>(wait: () => Promise<Result>): Promise<Result>;
  /** Gives the place back; once. */
  leave(): void;
}

interface Waiter {
  readonly age: number;
  readonly lane: Lane;
  readonly enter: () => void;
}

/** What is known of the jobs of one queue. */
interface Lane {
  taken: number;
  /** Rises with every place that is given out: who had a turn last. */
  turn: number;
}

/**
 * A limited number of places. The queues that jobs are from take turns, so that a full one does not keep the
 * others waiting: the next place goes to the queue with the fewest. Jobs of one queue get theirs by age,
 * those with the smallest `age` first.
 */
export class Places {
  readonly limit: number;
  #taken = 0;
  #turns = 0;
  readonly #lanes = new Map<string, Lane>();
  /** Oldest first. */
  readonly #waiting: Waiter[] = [];

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Places taken now. */
  get taken(): number {
    return this.#taken;
  }

  /** Waits for a place for a job of a queue. */
  async take(age: number, signal: AbortSignal, queue = ''): Promise<Place> {
    const lane = this.#laneOf(queue);
    const enter = (): Promise<void> => this.#enter({ age, lane }, signal);
    await enter();
    return new TakenPlace({ enter, free: () => this.#free(lane) });
  }

  #laneOf(queue: string): Lane {
    const lane = this.#lanes.get(queue) ?? { taken: 0, turn: 0 };
    this.#lanes.set(queue, lane);
    return lane;
  }

  async #enter(of: Omit<Waiter, 'enter'>, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { ...of, enter: resolve };
    const behind = this.#waiting.findIndex((other) => other.age > of.age);
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, waiter);
    const stopListening = onAbort(signal, (reason) => {
      const at = this.#waiting.indexOf(waiter);
      if (at >= 0) this.#waiting.splice(at, 1);
      reject(reason);
    });
    this.#admit();
    return promise.finally(stopListening);
  }

  #free(lane: Lane): void {
    this.#taken--;
    lane.taken--;
    this.#admit();
  }

  #admit(): void {
    while (this.#taken < this.limit) {
      const next = this.#next();
      if (next === undefined) return;
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#taken++;
      next.lane.taken++;
      next.lane.turn = ++this.#turns;
      next.enter();
    }
  }

  /** The oldest of the queue with the fewest places; if several have as few, of the one whose turn is longest ago. */
  #next(): Waiter | undefined {
    let best = this.#waiting[0];
    for (const waiter of this.#waiting) {
      if (best !== undefined && isBefore(waiter.lane, best.lane)) best = waiter;
    }
    return best;
  }
}

function isBefore(one: Lane, other: Lane): boolean {
  return one.taken < other.taken || (one.taken === other.taken && one.turn < other.turn);
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
