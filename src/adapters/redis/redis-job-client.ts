import type { Redis } from 'ioredis';
import type { FieldUpdates, JobFields } from '../../ports.ts';
import { READ, SUBMIT } from './scripts.ts';
import { translateRedisError } from './translate-error.ts';

/**
 * Jobs in Redis as those see them who submit them and wait. Nothing here claims a job. Each call may be repeated if it
 * fails.
 */
export class RedisJobClient {
  readonly #redis: Redis;
  readonly #address: string;
  /** Why there is no connection, if there is none. */
  #trouble: Error | undefined;

  constructor(redis: Redis, address: string) {
    this.#redis = redis;
    this.#address = address;
    redis.on('error', (error) => (this.#trouble = error));
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
    const answer = await this.#ask((redis) => redis.eval(READ, keys.length, ...keys, ...names));
    return (Array.isArray(answer) ? answer : []).map((values) => present(names, values));
  }

  /** Has Redis delete a job after a while. */
  async expire(key: string, seconds: number): Promise<void> {
    await this.#ask((redis) => redis.expire(key, seconds));
  }

  close(): void {
    this.#redis.disconnect();
  }

  /** A link that has fallen silent is given up: it might stay open for minutes before anybody notices. */
  async #ask<Answer>(question: (redis: Redis) => Promise<Answer>): Promise<Answer> {
    try {
      return await question(this.#redis);
    } catch (thrown) {
      const isReady = this.#redis.status === 'ready';
      if (thrown instanceof Error && thrown.message === 'Command timed out') {
        this.#redis.disconnect(true);
      }
      throw translateRedisError(isReady ? thrown : (this.#trouble ?? thrown), this.#address);
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
