import type { RedisLink } from '../adapters/redis/redis-link.ts';
import { COMMAND_TIMEOUT_MS, openRedis, redisAddress } from '../consumer/open/open-redis.ts';
import { readCoreSettings } from '../consumer/settings/read-core-settings.ts';
import { KnownError } from '../errors.ts';

const TRYING_S = COMMAND_TIMEOUT_MS / 1000;

/**
 * Does something with Redis and closes the connection. It is looked for as long as one command may take:
 * people who type a command want an answer, and are told at once why it takes time. Rejects with
 * `redis_unreachable`, and the reason, after that.
 */
export async function withRedis<Result>(
  work: (link: RedisLink) => Promise<Result>,
): Promise<Result> {
  const core = readCoreSettings();
  let problem = `Redis at ${redisAddress(core)} does not answer.`;
  const signal = AbortSignal.timeout(COMMAND_TIMEOUT_MS);
  const onProblem = (message: string): void => {
    if (problem !== message) process.stderr.write(`${message} Trying for ${TRYING_S} s.\n`);
    problem = message;
  };
  const { link } = await openRedis(core, { signal, onProblem }).catch((error: unknown) => {
    throw signal.aborted ? new KnownError('redis_unreachable', problem) : error;
  });
  try {
    return await work(link);
  } finally {
    link.close();
  }
}
