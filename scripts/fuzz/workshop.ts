import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Verdict } from './judge.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
const LOOKS_MS = 500;
/** In CPU time, for the machine may do other things. What ends before is timed by the worker itself. */
const HANGS_CPU_MS = 5000;
/** By the clock, for what waits without working. */
const HANGS_MS = 120_000;

/** Judges inputs in a process of its own, which is started anew after one that it does not survive. */
export class Workshop {
  readonly #format: string;
  #worker: ChildProcess | undefined;

  constructor(format: string) {
    this.#format = format;
  }

  async judge(bytes: Uint8Array): Promise<Verdict> {
    const worker = (this.#worker ??= await this.#start());
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const ends = (code: number | null): void =>
      resolve({ behaviour: 'fault ends', fault: `ends the process (${code})` });
    const watch = watchTime(worker, () => resolve({ behaviour: 'fault hangs', fault: 'hangs' }));
    worker.once('message', resolve);
    worker.once('exit', ends);
    worker.send(bytes);
    const verdict = await promise;
    clearInterval(watch);
    worker.off('message', resolve);
    worker.off('exit', ends);
    // Its high mark of memory would be that of this input for ever.
    if (verdict.fault !== undefined) await this.close();
    return verdict;
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined || worker.exitCode !== null || worker.signalCode !== null) return;
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }

  async #start(): Promise<ChildProcess> {
    const worker = fork(WORKER, [this.#format], { serialization: 'advanced' });
    await once(worker, 'message');
    return worker;
  }
}

function watchTime(worker: ChildProcess, hangs: () => void): NodeJS.Timeout {
  const [start, used] = [performance.now(), cpuMs(worker)];
  return setInterval(() => {
    const isOver = performance.now() - start > HANGS_MS || cpuMs(worker) - used > HANGS_CPU_MS;
    if (isOver) hangs();
  }, LOOKS_MS);
}

/** CPU time of a process, on Linux; 0 elsewhere. */
function cpuMs({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // Ticks of 10 ms, of the user and of the system.
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}
