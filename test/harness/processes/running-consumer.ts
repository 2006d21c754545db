import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { processEnvironment } from './process-environment.ts';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

interface StartOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Words for Node, before the program. */
  readonly nodeOptions?: readonly string[];
  /** Hears what it says, on both streams. */
  readonly hear?: (text: string) => void;
}

/** An answer of the HTTP server of a consumer. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A consumer as a process. */
export class RunningConsumer {
  readonly #child: ChildProcess;
  #log = '';

  private constructor({ environment, nodeOptions = [], hear = () => {} }: StartOptions) {
    this.#child = spawn(process.execPath, [...nodeOptions, MAIN], {
      env: processEnvironment(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const add = (chunk: Buffer): void => {
      this.#log += chunk.toString();
      hear(chunk.toString());
    };
    this.#child.stdout?.on('data', add);
    this.#child.stderr?.on('data', add);
  }

  /** Starts it and does not wait for anything. */
  static launch(options: StartOptions): RunningConsumer {
    return new RunningConsumer(options);
  }

  /** Starts it and waits until it takes jobs. */
  static async start(options: StartOptions): Promise<RunningConsumer> {
    const consumer = new RunningConsumer(options);
    await consumer.says('Taking jobs from');
    return consumer;
  }

  /** What it has said so far. */
  get log(): string {
    return this.#log;
  }

  /** Lines of its log that hold these words. */
  lines(words: string): string[] {
    return this.#log.split('\n').filter((line) => line.includes(words));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves once it has said something. */
  async says(words: string): Promise<void> {
    const { stdout } = this.#child;
    const exited = this.ended();
    while (!this.#log.includes(words)) {
      if (this.hasEnded || stdout === null)
        throw new Error(`The consumer ended with ${this.#child.exitCode}: ${this.#log}`);
      await Promise.race([once(stdout, 'data'), exited]);
    }
  }

  /** Stops its clock, and lets it go on. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Sends a signal that is to end it, and gives its exit code. */
  async signal(name: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    this.tell(name);
    return this.ended();
  }

  /** Sends a signal, and does not wait for anything. */
  tell(name: 'SIGTERM' | 'SIGKILL'): void {
    if (!this.hasEnded) this.#child.kill(name);
  }

  /** Its exit code, once it has ended. */
  async ended(): Promise<number | null> {
    if (!this.hasEnded) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  /** Asks its HTTP server. */
  async get(path: string): Promise<Answer> {
    const [, port] = /"httpPort":(\d+)/.exec(this.#log) ?? [];
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      signal: AbortSignal.timeout(5000),
    });
    return { status: answer.status, text: await answer.text() };
  }

  /** Why it is not ready; empty if it is. */
  async notReady(): Promise<Record<string, string>> {
    const { text } = await this.get('/ready');
    // The documented form of /ready.
    return (JSON.parse(text) as { readonly reasons: Record<string, string> }).reasons;
  }
}
