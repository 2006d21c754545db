import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { GIVE_BACK, SETTLE, SUBMIT, TOUCH, UPDATE } from '../../adapters/redis/scripts.ts';
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

/** The names begin as those of real jobs do, for users that may touch these only. All vanish within a minute. */
function journey(queue: string, id: string): Step[] {
  const hash = `${queue}:doctor:${id}`;
  const list = `${queue}:doctor-queue:${id}`;
  const processing = `processing-${queue}:doctor-${id}`;
  const script = (text: string, keys: readonly string[], words: readonly string[]): Step => ({
    command: 'EVAL',
    words: [text, keys.length, ...keys, ...words],
  });
  const step = (command: string, ...words: (string | number)[]): Step => ({ command, words });
  const move = step('BRPOPLPUSH', list, processing, 1);
  return [
    script(SUBMIT, [hash, list], [hash, 'status', 'new']),
    ...[hash, list].map((key) => step('EXPIRE', key, 60)),
    step('TYPE', hash),
    step('HGETALL', hash),
    step('LLEN', list),
    move,
    step('EXPIRE', processing, 60),
    step('LRANGE', processing, 0, -1),
    script(GIVE_BACK, [processing, list], [hash]),
    move,
    script(TOUCH, [hash], ['updated_by', 'doctor']),
    script(UPDATE, [hash], ['status', 'started']),
    script(SETTLE, [hash, processing], [hash, 'status', 'done']),
    step('LPUSH', processing, hash),
    step('LREM', processing, 1, hash),
    step('HSET', hash, 'metadata', ''),
    step('HGET', hash, 'metadata'),
    step('EXPIRE', hash, 1),
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
