import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processEnvironment } from '../harness/processes/process-environment.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Consumer processes under names of their own, started again when they end. */
export class Consumers {
  readonly #processes = new Map<string, ChildProcess>();
  readonly #environment: Readonly<Record<string, string>>;
  readonly #logs: string;
  #closing = false;
  /** How often one ended by itself. */
  crashes = 0;

  constructor(environment: Readonly<Record<string, string>>, logs: string) {
    this.#environment = environment;
    this.#logs = logs;
  }

  get names(): readonly string[] {
    return [...this.#processes.keys()];
  }

  start(name: string): void {
    const consumer = spawn(process.execPath, [MAIN], {
      env: processEnvironment({ HOSTNAME: name, ...this.#environment }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(this.#logs, `${name}.log`), { flags: 'a' });
    consumer.stdout.pipe(log, { end: false });
    consumer.stderr.pipe(log, { end: false });
    this.#processes.set(name, consumer);
    consumer.once('exit', (code, signal) => {
      if (this.#closing || signal === 'SIGKILL') return;
      if (code !== 0) this.crashes++;
      this.start(name);
    });
  }

  /** Ends a consumer without a word; it comes back under its name, or another takes its place. */
  async kill(name: string, successor: string): Promise<void> {
    const consumer = this.#processes.get(name);
    if (consumer === undefined) return;
    const exited = once(consumer, 'exit');
    consumer.kill('SIGKILL');
    await exited;
    this.#processes.delete(name);
    this.start(successor);
  }

  /** Ends all as Kubernetes would; the exit codes. */
  async close(): Promise<readonly (number | null)[]> {
    this.#closing = true;
    return Promise.all(
      [...this.#processes.values()].map(async (consumer) => {
        if (consumer.exitCode !== null) return consumer.exitCode;
        const exited = once(consumer, 'exit');
        consumer.kill('SIGTERM');
        await exited;
        return consumer.exitCode;
      }),
    );
  }
}
