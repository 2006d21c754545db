import { Piscina } from 'piscina';
import { type ErrorCode, KnownError, classify } from '../errors.ts';
import type { KernelName, Kernels } from '../kernels.ts';
import type { ComputePool } from '../ports.ts';

/** What a thread is asked to do. */
export interface KernelCall {
  readonly kernel: string;
  readonly input: unknown;
}

/** What it answers. */
export interface KernelReply {
  readonly result?: unknown;
  readonly failure?: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly details: Readonly<Record<string, unknown>>;
    readonly stack?: string | undefined;
  };
}

export interface ThreadPoolOptions {
  readonly threads: number;
  /** The module that exports `kernels`. */
  readonly kernelsUrl: URL;
}

/** A thread that would take more for its own objects is ended; arrays in shared memory do not count. */
const HEAP_MIB = 4096;

/** Kernels on worker threads. A thread that dies fails the kernels that it ran, and is replaced. */
export class ThreadPool implements ComputePool {
  readonly #piscina: Piscina<KernelCall, KernelReply>;
  #running = 0;

  constructor({ threads, kernelsUrl }: ThreadPoolOptions) {
    this.#piscina = new Piscina({
      filename: new URL('kernel-worker.ts', import.meta.url).href,
      workerData: { kernelsUrl: kernelsUrl.href },
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
    });
  }

  async run<Name extends KernelName>(
    kernel: Name,
    input: Parameters<Kernels[Name]>[0],
    signal: AbortSignal,
  ): Promise<Awaited<ReturnType<Kernels[Name]>>> {
    signal.throwIfAborted();
    this.#running++;
    const call = this.#piscina.run({ kernel, input });
    try {
      const { result, failure } = await givenUpBy(signal, call);
      if (failure) throw rebuilt(failure);
      // The worker ran the kernel of this name.
      return result as Awaited<ReturnType<Kernels[Name]>>;
    } catch (error) {
      if (error instanceof KnownError) throw error;
      throw new KnownError('internal', `The thread that ran ${kernel} broke down.`, { cause: error });
    } finally {
      this.#running--;
    }
  }

  load(): { readonly running: number; readonly waiting: number; readonly threads: number } {
    const waiting = this.#piscina.queueSize;
    return { running: this.#running - waiting, waiting, threads: this.#piscina.threads.length };
  }

  async close(): Promise<void> {
    await this.#piscina.destroy();
  }
}

function rebuilt({ code, message, details, stack }: NonNullable<KernelReply['failure']>): KnownError {
  const cause = stack === undefined ? undefined : Object.assign(new Error(message), { stack });
  return new KnownError(code, message, { details, cause });
}

/** A kernel cannot be interrupted; when the signal fires its result is no longer waited for. */
async function givenUpBy<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(classify(signal.reason));
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}
