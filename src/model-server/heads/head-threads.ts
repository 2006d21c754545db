import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { HeadsTask } from './heads-worker.ts';
import type { HeadsOfRow } from './heads.ts';

/** Worker threads that compute the heads of the built-in models, so that the server goes on answering meanwhile. */
export class HeadThreads {
  readonly #pool: Piscina<HeadsTask, HeadsOfRow>;

  constructor(threads = availableParallelism()) {
    this.#pool = new Piscina({
      filename: new URL('heads-worker.ts', import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
    });
  }

  async compute(task: HeadsTask): Promise<HeadsOfRow> {
    // A copy of the row alone: it may be a view on a whole message.
    const row = task.row.slice();
    return this.#pool.run({ ...task, row }, { transferList: [row.buffer] });
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
