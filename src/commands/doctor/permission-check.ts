import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type Check, Finding } from './check.ts';

interface Step {
  readonly command: string;
  readonly words: readonly (string | number)[];
}

/** Takes a job of our own through a queue of our own, with every command that the consumer uses. */
export function permissionCheck(redis: Redis, queue: string): Check {
  return {
    name: 'Redis commands',
    run: async () => {
      const steps = journey(queue, randomUUID());
      const refused = new Map<string, string>();
      for (const { command, words } of steps) {
        const said = await failure(redis.call(command, ...words));
        if (said !== undefined && !refused.has(command)) refused.set(command, said);
      }
      if (refused.size === 0) return 'all that the consumer uses are allowed';
      const [[command, said] = ['', '']] = refused;
      const names = [...refused.keys()].join(', ');
      throw new Finding(
        `${names} failed; ${command} with "${said}"`,
        'Allow the user of REDIS_USERNAME these commands on all keys of the queues (ACL SETUSER).',
      );
    },
  };
}

/**
 * Every command that the consumer sends or its scripts call, on keys of its own: of the prefixes that it uses, never
 * `processing-*`, which the Kiosk's autoscaler and exporter count. All vanish within a minute.
 */
function journey(queue: string, id: string): Step[] {
  const step = (command: string, ...words: (string | number)[]): Step => ({ command, words });
  const job = `${queue}:doctor:${id}`;
  const [list, processing] = [`kiosk:doctor:${id}:queue`, `kiosk:doctor:${id}:processing`];
  const [set, places] = [`kiosk:doctor:${id}:set`, `kiosk:doctor:${id}:places`];
  const made = [
    step('HSET', job, 'status', 'new'),
    step('LPUSH', list, job),
    step('SADD', set, job),
    step('ZADD', places, 1, job),
    ...[job, list, set, places].map((key) => step('EXPIRE', key, 60)),
  ];
  const hashes = ['HGETALL', 'HKEYS', 'TYPE', 'TTL', 'EXISTS'].map((name) => step(name, job));
  return [
    ...made,
    step('EVAL', 'return 1', 0),
    step('TIME'),
    ...hashes,
    step('HGET', job, 'status'),
    step('HMGET', job, 'status'),
    step('HSTRLEN', job, 'status'),
    step('HSETNX', job, 'result_id', ''),
    step('HDEL', job, 'result_id'),
    step('LLEN', list),
    step('BRPOPLPUSH', list, processing, 1),
    step('EXPIRE', processing, 60),
    step('LRANGE', processing, 0, -1),
    step('LREM', processing, 0, job),
    step('RPUSH', processing, job),
    ...['SMEMBERS', 'SCARD', 'SRANDMEMBER'].map((name) => step(name, set)),
    step('SISMEMBER', set, job),
    step('SREM', set, job),
    step('ZSCORE', places, job),
    step('ZCARD', places),
    step('ZRANGE', places, 0, -1),
    step('ZRANGEBYSCORE', places, 0, 1),
    step('ZREM', places, job),
    step('DEL', job),
    step('CLIENT', 'ID'),
    step('MULTI'),
    step('EXEC'),
  ];
}

async function failure(answer: Promise<unknown>): Promise<string | undefined> {
  try {
    await answer;
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
