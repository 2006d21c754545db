import type { Redis } from 'ioredis';
import type { KnownError } from '../../errors.ts';
import { encodeKey } from '../../key-codec.ts';
import type { Reply } from './reply.ts';
import type { Script } from './scripts/load-script.ts';
import { translateRedisError } from './translate-error.ts';

const REVIVAL_MS = 1000;
/** A Redis that refuses writes answers what is only read: nothing may fail for this long before all is well again. */
const TROUBLE_MS = 3000;

/**
 * A connection to Redis that all but the blocking pops share. Every call settles within the time limit of a
 * command, is never sent a second time, and rejects with a `KnownError`; whether it was carried out is then
 * not known.
 */
export class RedisLink {
  readonly redis: Redis;
  /** `host:port`, for messages. */
  readonly address: string;
  /** Why there is no connection. */
  #connectionTrouble: unknown;
  /** Why the last command failed. */
  #trouble: KnownError | undefined;
  #troubledAt = -Infinity;

  #isClosed = false;

  constructor(redis: Redis, address: string) {
    this.redis = redis;
    this.address = address;
    redis.on('error', (error) => (this.#connectionTrouble = error));
    redis.on('end', () => this.#revive());
  }

  /** Runs a script; by its name alone if Redis knows it already. */
  async run(
    script: Script,
    keys: readonly string[],
    words: readonly (string | number)[],
  ): Promise<Reply> {
    const rest = [keys.length, ...keys.map(encodeKey), ...words.map(asArgument)];
    const reply = await this.ask(async (redis) => {
      try {
        return (await redis.callBuffer('EVALSHA', script.sha, ...rest)) as Reply; // As our scripts reply.
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return (await redis.callBuffer('EVAL', script.text, ...rest)) as Reply;
      }
    });
    // Nearly all scripts write.
    this.#trouble = undefined;
    return reply;
  }

  /** Asks anything else. */
  async ask<Answer>(question: (redis: Redis) => Promise<Answer>): Promise<Answer> {
    try {
      const answer = await question(this.redis);
      if (performance.now() - this.#troubledAt >= TROUBLE_MS) this.#trouble = undefined;
      return answer;
    } catch (thrown) {
      throw this.#failed(thrown);
    }
  }

  /** Undefined while Redis answers; otherwise why not. */
  problem(): string | undefined {
    if (this.#trouble) return this.#trouble.message;
    if (this.redis.status === 'ready') return undefined;
    return this.#translate(this.#connectionTrouble ?? new Error('there is no connection')).message;
  }

  close(): void {
    this.#isClosed = true;
    this.redis.disconnect();
  }

  /**
   * ioredis reconnects by itself, but in some states gives up for good: a consumer must not stay without
   * Redis then.
   */
  #revive(): void {
    setTimeout(() => {
      if (!this.#isClosed) this.redis.connect().catch(() => undefined);
    }, REVIVAL_MS).unref();
  }

  #failed(thrown: unknown): KnownError {
    const wasCut = this.redis.status !== 'ready';
    const error = this.#translate(wasCut ? (this.#connectionTrouble ?? thrown) : thrown);
    if (error.kind !== 'internal') {
      this.#trouble = error;
      this.#troubledAt = performance.now();
    }
    return error;
  }

  #translate(thrown: unknown): KnownError {
    return translateRedisError(thrown, this.address);
  }
}

function asArgument(word: string | number): Buffer | number {
  return typeof word === 'number' ? word : encodeKey(word);
}
