import { Worker } from 'node:worker_threads';
import { KnownError } from '../../errors.ts';
import { countShared } from '../../imaging/shared-memory.ts';
import {
  type KernelCall,
  type KernelReply,
  type KernelsReady,
  type LateError,
  RELEASE_MEMORY,
  type ThreadMessage,
  isOurs,
  restoreError,
} from './kernel-message.ts';

export interface KernelThreadOptions {
  /** The module that exports `kernels`. */
  readonly kernelsUrl: URL;
  /** A module of an author that exports more of them. */
  readonly ownKernels: readonly URL[];
  /** A thread whose own objects take more is ended. Typed arrays do not count. */
  readonly heapMiB: number;
  /** Bytes of objects and arrays with which a kernel of an author is ended. */
  readonly ownKernelBytes: number;
  /** Whether the process is about to run out of memory: then a quarter of that is enough. */
  readonly isShort: () => boolean;
  /** What a thread keeps of the temporary arrays of its kernels. */
  readonly scratchBytes: number;
}

/** What a thread gets when it starts. */
export interface WorkerData {
  readonly kernelsUrl: string;
  readonly ownKernels: readonly string[];
  readonly scratchBytes: number;
}

/**
 * Mebibytes of its heap for objects that do not live long. More would only be more garbage: kernels make few
 * objects.
 */
const YOUNG_MIB = 8;

/** How a kernel ended. */
export type KernelEnd = { readonly result: unknown } | { readonly error: KnownError };

/** How often the memory of a kernel of an author is looked at. */
const LOOK_MS = 25;
const MOST_WARNINGS = 5;
/** Share of its memory that a kernel may keep when there is hardly any left. */
const SHORT_SHARE = 1 / 4;

interface Running {
  readonly kernel: string;
  readonly settle: (end: KernelEnd) => void;
}

/** One worker thread, which runs one kernel at a time. */
export class KernelThread {
  readonly #worker: Worker;
  readonly #names = Promise.withResolvers<readonly string[]>();
  readonly #options: KernelThreadOptions;
  /** The kernels that authors wrote. */
  #own: readonly string[] = [];
  #isReady = false;
  #running: Running | undefined;
  #fault: unknown;
  #reason: KnownError | undefined;
  #lost = false;
  #warnings = 0;
  /** True until the thread has let go of the memory that it was asked to. */
  #isReleasing = false;

  constructor(options: KernelThreadOptions) {
    const { kernelsUrl, ownKernels, heapMiB, scratchBytes } = options;
    this.#options = options;
    this.#worker = new Worker(new URL('kernel-worker.ts', import.meta.url), {
      name: 'kernels',
      workerData: {
        kernelsUrl: kernelsUrl.href,
        ownKernels: ownKernels.map(({ href }) => href),
        scratchBytes,
      } satisfies WorkerData,
      resourceLimits: { maxOldGenerationSizeMb: heapMiB, maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    // Rejected without anybody listening when a thread that never got ready is closed.
    this.#names.promise.catch(() => {});
    this.#worker.on('message', (sent: unknown) => {
      // Kernels of authors, and packages that they use, may send messages too: those are nobody's.
      if (isOurs(sent)) this.#receive(sent.kernelThread);
    });
    this.#worker.on('messageerror', (error) => this.#settle({ error: unreadable(error) }));
    this.#worker.on('error', (error) => {
      this.#fault = error;
    });
    this.#worker.on('exit', (code) => {
      this.#lost = true;
      this.#names.reject(this.#reason ?? this.#unready(code));
      const kernel = this.#running?.kernel;
      if (kernel !== undefined) this.#settle({ error: this.#explain(kernel, code) });
    });
  }

  /** The names of its kernels, once it has loaded them. */
  get names(): Promise<readonly string[]> {
    return this.#names.promise;
  }

  /** True once it has loaded its kernels. */
  get ready(): boolean {
    return this.#isReady;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** True once the thread has ended or is about to. */
  get lost(): boolean {
    return this.#lost || this.#fault !== undefined;
  }

  /** Runs a kernel; only when ready and not busy. Never rejects. */
  run(call: KernelCall): Promise<KernelEnd> {
    const { promise, resolve } = Promise.withResolvers<KernelEnd>();
    this.#running = { kernel: call.kernel, settle: resolve };
    if (this.#own.includes(call.kernel)) this.#watch(this.#running);
    try {
      this.#worker.postMessage(call);
    } catch (error) {
      this.#settle({
        error: new KnownError(
          'internal',
          `The input of ${call.kernel} cannot be sent to a thread.`,
          {
            cause: error,
          },
        ),
      });
    }
    return promise;
  }

  /**
   * Frees what the thread keeps for kernels to come, and its garbage, as soon as it runs no kernel: once,
   * however often it is asked meanwhile.
   */
  releaseMemory(): void {
    if (this.#isReleasing) return;
    this.#isReleasing = true;
    this.#worker.postMessage(RELEASE_MEMORY);
  }

  /** Ends the thread; the kernel that it runs fails with `reason`. */
  async end(reason: KnownError): Promise<void> {
    this.#reason = reason;
    this.#lost = true;
    await this.#worker.terminate();
  }

  #receive(message: ThreadMessage): void {
    if (message === RELEASE_MEMORY) this.#isReleasing = false;
    else if ('names' in message) this.#ready(message);
    else if ('late' in message) this.#warn(message);
    else this.#settle(endOf(message));
  }

  /** Warns a few times: a timer may throw for ever. */
  #warn({ late }: LateError): void {
    if (++this.#warnings > MOST_WARNINGS) return;
    process.emitWarning(`A kernel of yours left an error uncaught. ${restoreError(late).message}`);
  }

  #ready({ names, own }: KernelsReady): void {
    this.#own = own;
    this.#isReady = true;
    this.#names.resolve(names);
  }

  /**
   * Ends the thread if the kernel takes too much memory: the engine limits its objects, but no typed arrays,
   * and the system would end the whole process.
   */
  #watch(running: Running): void {
    let isLooking = false;
    const look = async (): Promise<void> => {
      if (isLooking) return;
      isLooking = true;
      const bytes = await this.#bytes();
      isLooking = false;
      if (this.#running !== running || this.lost || bytes <= this.#allowed()) return;
      await this.end(tooGreedy(running.kernel, bytes));
    };
    const timer = setInterval(() => {
      if (this.#running === running && !this.lost) void look();
      else clearInterval(timer);
    }, LOOK_MS);
    timer.unref();
  }

  #allowed(): number {
    const { ownKernelBytes, isShort } = this.#options;
    return isShort() ? ownKernelBytes * SHORT_SHARE : ownKernelBytes;
  }

  /**
   * Bytes of the objects and arrays of the thread; 0 when it is ending. Asked between two steps of its code,
   * also of an endless loop.
   */
  async #bytes(): Promise<number> {
    try {
      const { total_heap_size: objects, external_memory: arrays } =
        await this.#worker.getHeapStatistics();
      return objects + arrays;
    } catch {
      return 0;
    }
  }

  #settle(end: KernelEnd): void {
    const running = this.#running;
    this.#running = undefined;
    running?.settle(end);
  }

  #unready(exitCode: number): KnownError {
    const message = `The kernels cannot be loaded: ${this.#why(exitCode)}`;
    return new KnownError('internal', message, { cause: this.#fault });
  }

  #explain(kernel: string, exitCode: number): KnownError {
    if (this.#reason !== undefined) return this.#reason;
    const cause = this.#fault;
    if (isOutOfMemory(cause)) {
      const message = `The image needs too much memory: ${kernel} took more than ${this.#options.heapMiB} MiB.`;
      return new KnownError('out_of_memory', message, { cause });
    }
    const message = `The thread that ran ${kernel} ended: ${this.#why(exitCode)}.`;
    return new KnownError('internal', message, { cause });
  }

  /** Why the thread has ended. */
  #why(exitCode: number): string {
    return this.#fault instanceof Error ? this.#fault.message : `exit code ${exitCode}`;
  }
}

function endOf(reply: KernelReply): KernelEnd {
  if ('failure' in reply) return { error: restoreError(reply.failure) };
  countShared(reply.result);
  return reply;
}

function unreadable(cause: Error): KnownError {
  return new KnownError('internal', 'The result of a kernel cannot be read.', { cause });
}

function tooGreedy(kernel: string, bytes: number): KnownError {
  const message = `The image needs too much memory: ${kernel} took ${Math.ceil(bytes / 2 ** 20)} MiB.`;
  return new KnownError('out_of_memory', message);
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
