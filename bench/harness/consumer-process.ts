import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { imageCommand } from './image-command.ts';
import type { MemoryCgroup } from './memory-cgroup.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

interface ConsumerOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Options of Node itself; those of the container image if absent. */
  readonly nodeOptions?: readonly string[];
  readonly cgroup?: MemoryCgroup | undefined;
  /** That of another checkout, to compare the two. */
  readonly main?: string | undefined;
}

const IMAGE = imageCommand();

/** A consumer in a process of its own, started as the container image starts it. */
export class ConsumerProcess {
  readonly #child: ChildProcess;
  #log = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    const listen = (chunk: Buffer): void => {
      this.#log = (this.#log + chunk.toString()).slice(-100_000);
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
  }

  /** Resolves once it takes jobs. */
  static async start(options: ConsumerOptions): Promise<ConsumerProcess> {
    const { environment, nodeOptions = IMAGE.nodeOptions, cgroup, main = MAIN } = options;
    const words = [process.execPath, ...nodeOptions, main];
    const [program = '', ...args] = cgroup?.command(words) ?? words;
    const child = spawn(program, args, {
      env: { PATH: process.env['PATH'], ...IMAGE.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const consumer = new ConsumerProcess(child);
    await consumer.#until(/Taking jobs from/);
    return consumer;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get log(): string {
    return this.#log;
  }

  /** Why it has ended, if it has. */
  ended(): string | undefined {
    const { exitCode, signalCode } = this.#child;
    return exitCode === null && signalCode === null
      ? undefined
      : `The consumer ended with ${exitCode ?? signalCode}: ${this.#log}`;
  }

  /** The text of /metrics. */
  async metrics(): Promise<string> {
    const port = /"httpPort":(\d+)/.exec(this.#log)?.[1];
    return (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  }

  async stop(): Promise<void> {
    if (this.ended() !== undefined) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }

  async #until(expected: RegExp): Promise<void> {
    while (!expected.test(this.#log)) {
      const ended = this.ended();
      if (ended !== undefined) throw new Error(ended);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
