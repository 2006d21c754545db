import { once } from 'node:events';
import { Redis } from 'ioredis';

/** Counts what clients ask of a Redis, save for the bench itself: commands inside of scripts are part of one call. */
export class RedisCalls {
  readonly #redis: Redis;
  readonly #monitor: Redis;
  #count = 0;

  private constructor(redis: Redis, monitor: Redis) {
    this.#redis = redis;
    this.#monitor = monitor;
    monitor.on('monitor', (_: string, words: readonly string[], source: string) => {
      if (source !== 'lua' && !OWN.includes((words[0] ?? '').toLowerCase())) this.#count++;
    });
  }

  static async open(port: number): Promise<RedisCalls> {
    const redis = new Redis(port, '127.0.0.1', { protocol: 2 });
    await once(redis, 'ready');
    return new RedisCalls(redis, await redis.monitor());
  }

  stop(): number {
    this.#monitor.disconnect();
    this.#redis.disconnect();
    return this.#count;
  }
}

/** What the bench asks while it waits. */
const OWN = ['hmget', 'hgetall'];
