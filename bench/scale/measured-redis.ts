import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort, redisProgram } from '../../scripts/start-redis.ts';

/** What a Redis has done so far. */
interface Totals {
  /** Commands, those that scripts call included. */
  readonly commands: number;
  readonly cpuSeconds: number;
  readonly at: number;
}

/** What a Redis did in a while. */
export interface RedisLoad {
  readonly commandsPerSecond: number;
  /** Percent of a core. */
  readonly cpuPercent: number;
}

/** A Redis that keeps all it is told on disk, can be killed and started anew, and says what it costs. */
export class MeasuredRedis {
  readonly port: number;
  readonly client: Redis;
  readonly #folder: string;
  #server: ChildProcess;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
    this.#server = this.#spawn();
    this.client = new Redis(port, '127.0.0.1', { retryStrategy: () => 100 });
    // It says so itself when it is gone.
    this.client.on('error', () => undefined);
  }

  static async open(): Promise<MeasuredRedis> {
    return new MeasuredRedis(await freePort(), await mkdtemp(join(tmpdir(), 'kiosk-scale-')));
  }

  /** Kills it, and starts it again after a while. */
  async restart(awayMs: number): Promise<void> {
    const exited = once(this.#server, 'exit');
    this.#server.kill('SIGKILL');
    await exited;
    await sleep(awayMs);
    this.#server = this.#spawn();
  }

  /** What it does during `work`, beside which nothing is asked. */
  async during(work: Promise<unknown>): Promise<RedisLoad> {
    const before = await this.#totals();
    await work;
    const after = await this.#totals();
    const seconds = (after.at - before.at) / 1000;
    return {
      commandsPerSecond: (after.commands - before.commands) / seconds,
      cpuPercent: (100 * (after.cpuSeconds - before.cpuSeconds)) / seconds,
    };
  }

  async number(section: string, name: string): Promise<number> {
    return numberIn(await this.client.info(section), name);
  }

  async close(): Promise<void> {
    this.client.disconnect();
    const exited = once(this.#server, 'exit');
    this.#server.kill('SIGKILL');
    await exited;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #totals(): Promise<Totals> {
    const [stats, cpu] = await Promise.all([this.client.info('stats'), this.client.info('cpu')]);
    return {
      commands: numberIn(stats, 'total_commands_processed'),
      cpuSeconds: numberIn(cpu, 'used_cpu_user') + numberIn(cpu, 'used_cpu_sys'),
      at: performance.now(),
    };
  }

  #spawn(): ChildProcess {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder];
    const durable = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec'];
    const program = redisProgram();
    return spawn(program, [...options, ...durable], { stdio: 'ignore' });
  }
}

function numberIn(info: string, name: string): number {
  return Number(RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1]);
}
