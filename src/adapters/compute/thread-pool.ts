import { KnownError, classify } from '../../errors.ts';
import type { Kernels } from '../../kernels.ts';
import type { ComputePool, KernelInput, KernelResult, KernelTable } from '../../ports.ts';
import type { KernelFact } from '../../facts/kernels.ts';
import { type Queued, WaitingCalls } from './waiting-calls.ts';
import { type KernelEnd, KernelThread } from './kernel-thread.ts';

export interface ThreadPoolOptions {
  /** The module that exports `kernels`. */
  readonly kernelsUrl: URL;
  /** Modules of authors that export more `kernels`. */
  readonly ownKernels?: readonly URL[];
  readonly threads: number;
  /** A thread whose own objects take more is ended. Typed arrays do not count. */
  readonly heapMiB?: number;
  /** A kernel of an author whose objects and typed arrays take more together is ended, with its thread. */
  readonly ownKernelBytes?: number;
  /** Whether the process is about to run out of memory. */
  readonly isShort?: () => boolean;
  /** What a thread takes for temporary arrays, unless one kernel needs more, and keeps from kernel to kernel. */
  readonly scratchBytes?: number;
  /** A kernel that was given up may run on for so long; then its thread is ended. */
  readonly graceMs?: number;
  readonly onFact?: (fact: KernelFact) => void;
}

const DEFAULTS = {
  ownKernels: [],
  heapMiB: 2048,
  ownKernelBytes: 4 * 2 ** 30,
  isShort: (): boolean => false,
  scratchBytes: 256 * 2 ** 20,
  graceMs: 10_000,
  onFact: (): void => {},
};

interface Call extends Queued {
  readonly kernel: string;
  readonly input: unknown;
  readonly since: number;
  readonly settle: (end: KernelEnd) => void;
  /** The thread that runs it, while it does. */
  thread: KernelThread | undefined;
  /** Ends that thread; set when the call was given up. */
  grace: NodeJS.Timeout | undefined;
}

const NOT_RUNNING = { thread: undefined, grace: undefined };

/**
 * Kernels on worker threads: queues take turns, and the calls of each come in their order. One thread starts
 * with the pool, each of the others when a call finds none that is free; which of them is free first runs it.
 * Callers wait as long as all threads are busy: the permits of the jobs bound how many wait. A thread that ends
 * fails the kernel that it ran, and the next call starts a new one.
 *
 * A kernel cannot be interrupted: when its call is given up it may read and write its shared arrays until it
 * ends, at most for the grace period.
 */
export class ThreadPool<Table extends KernelTable = Kernels> implements ComputePool<Table> {
  readonly #options: Required<ThreadPoolOptions>;
  readonly #waiting = new WaitingCalls<Call>();
  #threads: KernelThread[];
  #closed = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = { ...DEFAULTS, ...options };
    this.#threads = [this.#start()];
  }

  get scratchBytes(): number {
    return this.#options.scratchBytes;
  }

  async run<Name extends keyof Table & string>(
    kernel: Name,
    input: KernelInput<Table, Name>,
    signal: AbortSignal,
    queue = '',
  ): Promise<KernelResult<Table, Name>> {
    signal.throwIfAborted();
    if (this.#closed) throw closing();
    const { promise, resolve, reject } = Promise.withResolvers<KernelResult<Table, Name>>();
    const settle = (end: KernelEnd): void => {
      if ('error' in end) reject(end.error);
      // The thread ran the kernel of this name.
      else resolve(end.result as KernelResult<Table, Name>);
    };
    const since = performance.now();
    const call: Call = { kernel, input, queue, since, settle, ...NOT_RUNNING };
    const giveUp = (): void => {
      reject(signal.reason);
      this.#giveUp(call);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    this.#waiting.add(call);
    this.#dispatch();
    return promise.finally(() => signal.removeEventListener('abort', giveUp));
  }

  async names(): Promise<readonly string[]> {
    const [thread] = this.#threads;
    return thread === undefined ? [] : await thread.names;
  }

  load(): { readonly running: number; readonly waiting: number; readonly threads: number } {
    const running = this.#threads.filter(({ busy }) => busy).length;
    return { running, waiting: this.#waiting.size, threads: this.#options.threads };
  }

  /** Lets go of memory that the threads keep for kernels to come. */
  releaseMemory(): void {
    for (const thread of this.#threads) thread.releaseMemory();
  }

  /** Ends the threads. Kernels that run or wait fail with `shutting_down`. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { settle } of this.#waiting.clear()) settle({ error: closing() });
    await Promise.all(this.#threads.map((thread) => thread.end(closing())));
  }

  /** Starts waiting calls as long as threads are free, and a thread for each that still waits. */
  #dispatch(): void {
    if (this.#closed) return;
    this.#threads = this.#threads.filter((thread) => thread.busy || !thread.lost);
    while (this.#waiting.size > 0) {
      const thread = this.#threads.find(({ ready, busy }) => ready && !busy);
      const call = thread && this.#waiting.take();
      if (thread === undefined || call === undefined) break;
      void this.#perform(call, thread);
    }
    const starting = this.#threads.filter(({ ready }) => !ready).length;
    const lacking = Math.min(
      this.#waiting.size - starting,
      this.#options.threads - this.#threads.length,
    );
    for (let index = 0; index < lacking; index++) this.#threads.push(this.#start());
  }

  #start(): KernelThread {
    const thread = new KernelThread(this.#options);
    thread.names.then(
      () => this.#dispatch(),
      (error: unknown) => this.#failOne(classify(error)),
    );
    return thread;
  }

  /** A thread could not start: nor might the next, so one call fails for each. */
  #failOne(error: KnownError): void {
    this.#waiting.take()?.settle({ error });
    this.#dispatch();
  }

  async #perform(call: Call, thread: KernelThread): Promise<void> {
    const { kernel, input, since, settle } = call;
    const { onFact } = this.#options;
    const start = performance.now();
    call.thread = thread;
    onFact({ type: 'kernel started', kernel, waitedMs: start - since });
    const end = await thread.run({ kernel, input });
    call.thread = undefined;
    this.#waiting.ended(call);
    clearTimeout(call.grace);
    const ms = performance.now() - start;
    onFact({ type: 'kernel ended', kernel, ms, ...('error' in end && { error: end.error }) });
    if (thread.lost && !this.#closed) onFact({ type: 'thread lost', kernel });
    settle(end);
    this.#dispatch();
  }

  #giveUp(call: Call): void {
    if (this.#waiting.delete(call)) return;
    const { thread } = call;
    if (thread === undefined) return;
    const end = (): void => void thread.end(overdue(call.kernel));
    call.grace = setTimeout(end, this.#options.graceMs);
  }
}

function closing(): KnownError {
  return new KnownError('shutting_down', 'The compute pool is closed.');
}

function overdue(kernel: string): KnownError {
  return new KnownError(
    'internal',
    `${kernel} ran on after it was given up; its thread was ended.`,
  );
}
