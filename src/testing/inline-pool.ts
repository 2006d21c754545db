import { setImmediate as turn } from 'node:timers/promises';
import { describeFailure, restoreError } from '../adapters/compute/kernel-message.ts';
import type { Kernels } from '../kernels.ts';
import type { ComputePool, KernelInput, KernelResult, KernelTable } from '../ports.ts';

/** Runs kernels on the thread of the test, with the same border as a pool of threads: values are cloned. */
export class InlinePool<Table extends KernelTable = Kernels> implements ComputePool<Table> {
  readonly #kernels: Table;
  #running = 0;

  constructor(kernels: Table) {
    this.#kernels = kernels;
  }

  async run<Name extends keyof Table & string>(
    kernel: Name,
    input: KernelInput<Table, Name>,
    signal: AbortSignal,
  ): Promise<KernelResult<Table, Name>> {
    signal.throwIfAborted();
    const { promise, reject } = Promise.withResolvers<never>();
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      return await Promise.race([this.#perform(kernel, input), promise]);
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  async names(): Promise<readonly string[]> {
    return Object.keys(this.#kernels);
  }

  load(): { readonly running: number; readonly waiting: number; readonly threads: number } {
    return { running: this.#running, waiting: 0, threads: 1 };
  }

  async close(): Promise<void> {}

  async #perform<Name extends keyof Table & string>(
    kernel: Name,
    input: KernelInput<Table, Name>,
  ): Promise<KernelResult<Table, Name>> {
    this.#running++;
    try {
      await turn();
      // Indexed by a type parameter, a kernel of the table has forgotten which input and result are its own.
      const result = await this.#kernels[kernel]?.(structuredClone(input));
      return structuredClone(result) as KernelResult<Table, Name>;
    } catch (error) {
      throw restoreError(describeFailure(error));
    } finally {
      this.#running--;
    }
  }
}
