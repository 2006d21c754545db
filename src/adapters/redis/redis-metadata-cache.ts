import type { Redis } from 'ioredis';
import type { MetadataCache } from '../../ports.ts';

/** Model metadata in Redis, shared with other consumers, the Python ones included. A cache that fails is no cache. */
export class RedisMetadataCache implements MetadataCache {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  async get(model: string): Promise<string | undefined> {
    const metadata = await this.#redis.hget(model, 'metadata').catch(() => null);
    return metadata ?? undefined;
  }

  /** One transaction: without an expiry the entry would outlive the model. */
  async put(model: string, metadata: string, seconds: number): Promise<void> {
    const write = this.#redis.multi().hset(model, { metadata }).expire(model, Math.ceil(seconds));
    await write.exec().catch(() => undefined);
  }
}
