import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Verdict } from './judge.ts';

const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));
/** By the clock, on a machine that others use too; the worker itself measures its time of CPU. */
const HANGS_MS = 20_000;

/** Judges inputs in a process of its own, which is started anew after one that it does not survive. */
export class Workshop {
  readonly #format: string;
  #worker: ChildProcess | undefined;

  constructor(format: string) {
    this.#format = format;
  }

  async judge(bytes: Uint8Array): Promise<Verdict> {
    const worker = (this.#worker ??= fork(WORKER, [this.#format], { serialization: 'advanced' }));
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const hangs = (): void => resolve({ behaviour: 'fault hangs', fault: 'hangs' });
    const ends = (code: number | null): void =>
      resolve({ behaviour: 'fault ends', fault: `ends the process (${code})` });
    const timer = setTimeout(hangs, HANGS_MS);
    worker.once('message', resolve);
    worker.once('exit', ends);
    worker.send(bytes);
    const verdict = await promise;
    clearTimeout(timer);
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
}
