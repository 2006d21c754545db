import { type Cancellation, RedisJobClient } from '../../adapters/redis/redis-job-client.ts';
import { queueOf } from '../job-key.ts';
import { withRedis } from '../with-redis.ts';

const FAILED = 1;
const REASON = 'The job was cancelled before a consumer took it.';

const WORDS: Readonly<Record<Cancellation, string>> = {
  cancelled: 'is out of its queue, and failed with the code cancelled',
  gone: 'does not exist',
  finished: 'has ended already',
  held: 'was left alone: a consumer has it, or it waits for its parts. It ends by itself',
  part: 'was left alone: it is a part of another job. Cancel that one',
};

/** Takes waiting jobs out of their queues. The exit code is 1 if one was left alone. */
export function cancel(keys: readonly string[]): Promise<number> {
  return withRedis(async (link) => {
    const jobs = new RedisJobClient(link);
    let areAll = true;
    for (const key of keys) {
      const outcome = await jobs.cancel(queueOf(key), key, REASON);
      process.stdout.write(`${key} ${WORDS[outcome]}.\n`);
      areAll &&= outcome === 'cancelled';
    }
    return areAll ? 0 : FAILED;
  });
}
