import { readFileSync } from 'node:fs';

/** More often than a process is likely to end after it had to wait. */
const SAMPLE_MS = 20;

/**
 * Seconds that a piece of work takes, without those in which a process, or this one, was ready to run and got no core: what else the
 * machine does hardly matters. Linux says how long that was; elsewhere all seconds count.
 */
export async function fairSeconds(
  pid: number | undefined,
  work: () => Promise<unknown>,
): Promise<number> {
  const waits = [process.pid, pid ?? process.pid].map((one) => new CoreWait(one));
  const timer = setInterval(() => waits.forEach((wait) => wait.sample()), SAMPLE_MS);
  const start = performance.now();
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  const seconds = (performance.now() - start) / 1000;
  // Those that waited at the same time are not counted twice.
  return seconds - Math.max(...waits.map((wait) => wait.seconds));
}

/** How long the main thread of a process has waited for a core, as long as there was such a process. */
class CoreWait {
  readonly #path: string;
  readonly #before: number;
  #last: number;

  constructor(pid: number) {
    this.#path = `/proc/${pid}/schedstat`;
    this.#before = this.#read() ?? 0;
    this.#last = this.#before;
  }

  get seconds(): number {
    this.sample();
    return (this.#last - this.#before) / 1e9;
  }

  sample(): void {
    this.#last = this.#read() ?? this.#last;
  }

  /** The second number: nanoseconds on a run queue. */
  #read(): number | undefined {
    try {
      return Number(readFileSync(this.#path, 'utf8').split(' ')[1]);
    } catch {
      return undefined;
    }
  }
}
