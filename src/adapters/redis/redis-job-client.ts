import type { Redis } from 'ioredis';
import type { FieldUpdates, JobFields } from '../../ports.ts';
import { SUBMIT } from './scripts.ts';
import { translateRedisError } from './translate-error.ts';

/** Jobs in Redis as those see them who submit them and wait: CONTRACT §1. Nothing here claims a job. */
export class RedisJobClient {
  readonly #redis: Redis;
  readonly #address: string;

  constructor(redis: Redis, address: string) {
    this.#redis = redis;
    this.#address = address;
    // What goes wrong is told by the command that it happens to.
    redis.on('error', () => undefined);
  }

  /** Creates the hash of a job and puts its key into a queue, unless that has been done already. */
  async submit(queue: string, key: string, fields: FieldUpdates): Promise<void> {
    await this.#ask((redis) =>
      redis.eval(SUBMIT, 2, key, queue, key, ...Object.entries(fields).flat()),
    );
  }

  /** All fields of a job; undefined if there is no such job. */
  async read(key: string): Promise<JobFields | undefined> {
    return this.#ask(async (redis) => {
      if ((await redis.type(key)) !== 'hash') return undefined;
      return redis.hgetall(key);
    });
  }

  /** Some fields of many jobs, in one exchange. A job that is gone has none of them. */
  async readFields(keys: readonly string[], names: readonly string[]): Promise<JobFields[]> {
    const pipeline = this.#redis.pipeline();
    for (const key of keys) pipeline.hmget(key, ...names);
    const answers = await this.#ask(() => pipeline.exec());
    return (answers ?? []).map(([error, values]) => {
      if (error) throw translateRedisError(error, this.#address);
      return present(names, values);
    });
  }

  /** Has Redis delete a job after a while. */
  async expire(key: string, seconds: number): Promise<void> {
    await this.#ask((redis) => redis.expire(key, seconds));
  }

  close(): void {
    this.#redis.disconnect();
  }

  async #ask<Answer>(question: (redis: Redis) => Promise<Answer>): Promise<Answer> {
    try {
      return await question(this.#redis);
    } catch (thrown) {
      throw translateRedisError(thrown, this.#address);
    }
  }
}

function present(names: readonly string[], values: unknown): JobFields {
  const texts: readonly unknown[] = Array.isArray(values) ? values : [];
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const text = texts[index];
      return typeof text === 'string' ? [[name, text]] : [];
    }),
  );
}
