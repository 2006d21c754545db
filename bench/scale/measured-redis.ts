import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { RedisProcess } from '../../test/harness/processes/redis-process.ts';

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

/** A Redis that survives a kill, and whose load is measured. */
export class MeasuredRedis {
  readonly port: number;
  readonly client: Redis;
  readonly #server: RedisProcess;

  private constructor(server: RedisProcess) {
    this.port = server.port;
    this.#server = server;
    this.client = new Redis(server.port, '127.0.0.1', { retryStrategy: () => 100 });
    // It says so itself when it is gone.
    this.client.on('error', () => undefined);
  }

  static async open(): Promise<MeasuredRedis> {
    return new MeasuredRedis(await RedisProcess.start(['--appendfsync', 'everysec']));
  }

  /** Kills it, and starts it again after a while. */
  async restart(awayMs: number): Promise<void> {
    await this.#server.kill();
    await sleep(awayMs);
    await this.#server.restart();
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

  async connections(): Promise<number> {
    return numberIn(await this.client.info('clients'), 'connected_clients');
  }

  async close(): Promise<void> {
    this.client.disconnect();
    await this.#server.close();
  }

  async #totals(): Promise<Totals> {
    const [stats, cpu] = await Promise.all([this.client.info('stats'), this.client.info('cpu')]);
    return {
      commands: numberIn(stats, 'total_commands_processed'),
      cpuSeconds: numberIn(cpu, 'used_cpu_user') + numberIn(cpu, 'used_cpu_sys'),
      at: performance.now(),
    };
  }
}

function numberIn(info: string, name: string): number {
  return Number(RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1]);
}
