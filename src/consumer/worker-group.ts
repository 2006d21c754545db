import type { KnownError } from '../errors.ts';
import type { Worker } from '../worker.ts';

/** The workers of a process, one for each queue, as one: the first that has to stop stops them all. */
export class WorkerGroup {
  readonly #workers: readonly Pick<Worker, 'run' | 'stop' | 'stopNow' | 'stopping'>[];

  constructor(workers: readonly Pick<Worker, 'run' | 'stop' | 'stopNow' | 'stopping'>[]) {
    this.#workers = workers;
  }

  /** Resolves once every job has been settled, with the error that made them stop if there was one. */
  async run(): Promise<KnownError | undefined> {
    const ends = this.#workers.map(async (worker) => {
      const error = await worker.run();
      this.stop();
      return error;
    });
    const errors = await Promise.all(ends);
    return errors.find((error) => error !== undefined);
  }

  /** Lets the jobs in flight finish, as each worker does. */
  stop(): void {
    for (const worker of this.#workers) worker.stop();
  }

  /** Gives all jobs in flight back to their queues. */
  stopNow(): void {
    for (const worker of this.#workers) worker.stopNow();
  }

  get stopping(): boolean {
    return this.#workers.some((worker) => worker.stopping);
  }
}
