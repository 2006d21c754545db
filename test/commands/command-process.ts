import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { processEnvironment } from '../harness/processes/process-environment.ts';
import type { CommandEnded } from './run-command.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** A command that runs, in a process of its own. */
export class CommandProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown[]>;
  #stdout = '';
  #stderr = '';

  constructor(
    words: readonly string[],
    {
      environment = {},
      folder = process.cwd(),
    }: {
      readonly environment?: Readonly<Record<string, string>>;
      readonly folder?: string;
    } = {},
  ) {
    this.#child = spawn(process.execPath, [MAIN, ...words], {
      env: processEnvironment(environment),
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.#exit = once(this.#child, 'close');
  }

  /** Runs one to its end. */
  static run(
    words: readonly string[],
    environment: Readonly<Record<string, string>>,
  ): Promise<CommandEnded> {
    return new CommandProcess(words, { environment }).ended();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What it has said so far, on both streams. */
  get said(): string {
    return this.#stdout + this.#stderr;
  }

  /** Resolves when it has said something that matches. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.said)) {
      if (this.#child.exitCode !== null) throw new Error(`It ended and said: ${this.said}`);
      await Promise.race([
        ...[this.#child.stdout, this.#child.stderr].flatMap((one) =>
          one ? [once(one, 'data')] : [],
        ),
        this.#exit,
      ]);
    }
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async ended(): Promise<CommandEnded> {
    await this.#exit;
    return { code: this.#child.exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }
}
