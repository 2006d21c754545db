import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, redisProgram } from '../../../scripts/start-redis.ts';

/** A Redis that keeps what it was told on disk, and can be killed, started again and paused. */
export class RedisProcess {
  readonly port: number;
  readonly #folder: string;
  readonly #more: readonly string[];
  #server: ChildProcess | undefined;

  private constructor(port: number, folder: string, more: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#more = more;
  }

  /** Starts one on a free port; with `more` options of its command line. */
  static async start(more: readonly string[] = []): Promise<RedisProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'kiosk-redis-'));
    const redis = new RedisProcess(await freePort(), folder, more);
    await redis.restart();
    return redis;
  }

  /** Starts it again with what it has written, and waits until it takes commands. */
  async restart(more: readonly string[] = []): Promise<void> {
    await this.launch('Ready to accept connections', more);
  }

  /** Starts it again and waits only until it has said something. */
  async launch(words: string, more: readonly string[] = []): Promise<void> {
    const options = {
      port: this.port,
      bind: '127.0.0.1',
      dir: this.#folder,
      save: '',
      appendonly: 'yes',
      appendfsync: 'always',
    };
    const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const server = spawn(redisProgram(), [...given, ...this.#more, ...more], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#server = server;
    let said = '';
    await new Promise<void>((resolve, reject) => {
      server.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(words)) resolve();
      });
      server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}: ${said}`)));
    });
  }

  /** Ends it without a word. */
  async kill(): Promise<void> {
    const server = this.#server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    server.kill('SIGKILL');
    await exited;
  }

  /** It hangs: connections stay open, and nothing is answered. */
  pause(): void {
    this.#server?.kill('SIGSTOP');
  }

  resume(): void {
    this.#server?.kill('SIGCONT');
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
