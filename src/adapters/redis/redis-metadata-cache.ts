import type { Redis } from 'ioredis';
import type { MetadataCache } from '../../ports.ts';

/** Model metadata in Redis, for Python consumers beside us. Without it they ask the model server themselves. */
export class RedisMetadataCache implements MetadataCache {
  readonly #redis: Redis;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** One transaction: without an expiry the entry would outlive the model. */
  async put(model: string, metadata: string, seconds: number): Promise<void> {
    const write = this.#redis.multi().hset(model, { metadata }).expire(model, Math.ceil(seconds));
    await write.exec().catch(() => undefined);
  }
}
