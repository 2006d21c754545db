import type { Redis } from 'ioredis';
import { translateRedisError } from './translate-error.ts';

/** A list of keys that one consumer works on. */
export interface ProcessingList {
  readonly consumer: string;
  readonly jobs: number;
}

/** What lies in Redis for a queue. */
export interface QueueContents {
  readonly queue: string;
  readonly waiting: number;
  readonly processing: readonly ProcessingList[];
  /** Hashes whose keys begin with the name of the queue: its jobs, finished ones included. */
  readonly keys: readonly string[];
}

const PROCESSING = /^processing-([^:]*):(.*)$/s;
const SCAN_COUNT = 1000;

/** All queues, for whoever looks on. Nothing is changed. */
export class RedisQueues {
  readonly #redis: Redis;
  readonly #address: string;

  constructor(redis: Redis, address: string) {
    this.#redis = redis;
    this.#address = address;
  }

  /** Every queue that a list or a hash speaks of. Goes through all keys twice, in small steps. */
  async contents(): Promise<QueueContents[]> {
    const [lists, hashes] = [await this.#scan('list'), await this.#scan('hash')];
    const lengths = new Map(
      await Promise.all(lists.map(async (list) => [list, await this.#length(list)] as const)),
    );
    const keys = Map.groupBy(hashes, (key) => key.split(':', 1)[0] ?? '');
    const names = new Set([...lists.map(queueOf), ...keys.keys()]);
    return [...names].toSorted().map((queue) => ({
      queue,
      waiting: lengths.get(queue) ?? 0,
      processing: lists
        .filter((list) => list !== queue && queueOf(list) === queue)
        .toSorted()
        .map((list) => ({
          consumer: PROCESSING.exec(list)?.[2] ?? '',
          jobs: lengths.get(list) ?? 0,
        })),
      keys: keys.get(queue) ?? [],
    }));
  }

  async #length(list: string): Promise<number> {
    return this.#ask((redis) => redis.llen(list));
  }

  async #scan(type: 'list' | 'hash'): Promise<string[]> {
    const found = new Set<string>();
    let cursor = '0';
    do {
      const [next, keys] = await this.#ask((redis) =>
        redis.scan(cursor, 'MATCH', '*', 'COUNT', SCAN_COUNT, 'TYPE', type),
      );
      for (const key of keys) found.add(key);
      cursor = next;
    } while (cursor !== '0');
    return [...found];
  }

  async #ask<Answer>(question: (redis: Redis) => Promise<Answer>): Promise<Answer> {
    try {
      return await question(this.#redis);
    } catch (thrown) {
      throw translateRedisError(thrown, this.#address);
    }
  }
}

/** The queue that a list belongs to: its own name, unless it is a processing list. */
function queueOf(list: string): string {
  return PROCESSING.exec(list)?.[1] ?? list;
}
