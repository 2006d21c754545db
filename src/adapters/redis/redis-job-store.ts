import type { Redis } from 'ioredis';
import type { Clock, FieldUpdates, JobFields, JobStore, QueueDepth } from '../../ports.ts';
import { BlockingPop } from './blocking-pop.ts';
import type { Dial } from './connect.ts';
import { GIVE_BACK, SETTLE, TOUCH, UPDATE } from './scripts.ts';
import { translateRedisError } from './translate-error.ts';

export interface RedisJobStoreOptions {
  /** For the connection of the blocking pop. */
  readonly dial: Dial;
  /** For everything else; closed with the store. */
  readonly commands: Redis;
  readonly clock: Clock;
  /** `host:port`, for messages. */
  readonly address: string;
  readonly queue: string;
  /** In Kubernetes the name of the pod: the janitor looks for a pod of this name. */
  readonly hostName: string;
  /** How long one wait for a key lasts. */
  readonly popSeconds: number;
}

/** Jobs in Redis. Two connections, one of them for the blocking pop. */
export class RedisJobStore implements JobStore {
  readonly #options: RedisJobStoreOptions;
  readonly #commands: Redis;
  readonly #pop: BlockingPop;
  readonly #processing: string;
  #trouble = 'it has not answered yet';

  constructor(options: RedisJobStoreOptions) {
    const { dial, commands, clock, address, queue, hostName, popSeconds } = options;
    this.#options = options;
    this.#processing = `processing-${queue}:${hostName}`;
    this.#commands = commands;
    commands.on('error', (error) => (this.#trouble = error.message));
    const lists = { from: queue, to: this.#processing };
    this.#pop = new BlockingPop({ dial, commands, clock, address, ...lists, seconds: popSeconds });
  }

  async claim(signal: AbortSignal): Promise<string | undefined> {
    const key = await this.#pop.pop(signal);
    if (signal.aborted) {
      if (key !== undefined) await this.giveBack(key);
      throw signal.reason;
    }
    return key;
  }

  async read(key: string): Promise<JobFields | undefined> {
    return this.#ask(async (redis) => {
      if ((await redis.type(key)) !== 'hash') return undefined;
      const fields = await redis.hgetall(key);
      return Object.keys(fields).length === 0 ? undefined : fields;
    });
  }

  async update(key: string, fields: FieldUpdates): Promise<boolean> {
    return this.#ask(
      async (redis) => (await redis.eval(UPDATE, 1, key, ...this.#signed(fields))) === 1,
    );
  }

  async settle(key: string, fields: FieldUpdates): Promise<boolean> {
    const words = [key, this.#processing, key, ...this.#signed(fields)];
    return this.#ask(async (redis) => (await redis.eval(SETTLE, 2, ...words)) === 1);
  }

  async drop(key: string): Promise<void> {
    await this.#ask((redis) => redis.lrem(this.#processing, 1, key));
  }

  async giveBack(key: string): Promise<boolean> {
    const words = [this.#processing, this.#options.queue, key];
    return this.#ask(async (redis) => (await redis.eval(GIVE_BACK, 2, ...words)) === 1);
  }

  async held(): Promise<string[]> {
    return this.#ask((redis) => redis.lrange(this.#processing, 0, -1));
  }

  async touch(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.#ask((redis) => redis.eval(TOUCH, keys.length, ...keys, ...this.#signed({})));
  }

  async depth(): Promise<QueueDepth> {
    return this.#ask(async (redis) => {
      const [waiting, held] = await Promise.all([
        redis.llen(this.#options.queue),
        redis.llen(this.#processing),
      ]);
      return { waiting, held };
    });
  }

  async submit(queue: string, key: string, fields: FieldUpdates): Promise<void> {
    await this.#ask(async (redis) => {
      const answers = await redis.multi().hset(key, fields).lpush(queue, key).exec();
      for (const [error] of answers ?? []) if (error) throw error;
    });
  }

  problem(): string | undefined {
    if (this.#commands.status === 'ready') return undefined;
    return `Redis at ${this.#options.address} cannot be reached: ${this.#trouble}.`;
  }

  async close(): Promise<void> {
    this.#pop.close();
    this.#commands.disconnect();
  }

  /** Fields as words, with the two that every write brings: who wrote, and when. */
  #signed(fields: FieldUpdates): string[] {
    const updated_at = this.#options.clock.now().toISOString();
    return Object.entries({ ...fields, updated_at, updated_by: this.#options.hostName }).flat();
  }

  async #ask<Answer>(question: (redis: Redis) => Promise<Answer>): Promise<Answer> {
    try {
      return await question(this.#commands);
    } catch (thrown) {
      throw translateRedisError(thrown, this.#options.address);
    }
  }
}
