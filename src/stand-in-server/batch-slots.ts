import { unavailable } from './call-failure.ts';

interface BatchSlotsOptions {
  /** Batches computed at a time. */
  readonly parallel: number;
  /** Batches that may wait. */
  readonly queued: number;
}

/** Lets a few batches be computed at a time and some wait, in the order of their coming. */
export class BatchSlots {
  readonly #options: BatchSlotsOptions;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: BatchSlotsOptions) {
    this.#options = options;
  }

  /** Runs `compute` when it is its turn. Refuses when too many wait, in the words of TensorFlow Serving. */
  async run<Result>(compute: () => Promise<Result>): Promise<Result> {
    await this.#turn();
    try {
      return await compute();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }

  async #turn(): Promise<void> {
    if (this.#running < this.#options.parallel) {
      this.#running++;
      return;
    }
    if (this.#waiting.length >= this.#options.queued) {
      throw unavailable('The batch scheduling queue to which this task was submitted is full');
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
