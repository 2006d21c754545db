import { KnownError } from '../../errors.ts';
import type { RedisLink } from './redis-link.ts';

const OLDEST = 5;

/** Commands of the consumer, those inside of its scripts included: what a user needs to be allowed. */
// prettier-ignore
export const NEEDED_COMMANDS = [
  'info', 'eval', 'evalsha', 'brpoplpush', 'client|id', 'client|unblock', 'multi', 'exec',
  'time', 'type', 'exists', 'del', 'rename', 'expire', 'ttl', 'scan',
  'hget', 'hset', 'hsetnx', 'hmget', 'hgetall', 'hkeys', 'hdel', 'hstrlen',
  'lrange', 'llen', 'lrem', 'lpush', 'rpush',
  'zadd', 'zrem', 'zscore', 'zcard', 'zrange', 'zrangebyscore',
  'sadd', 'srem', 'scard', 'smembers', 'sismember', 'srandmember',
];

/** Refuses a Redis that the consumer cannot work with: a cluster, one that is too old, one without a command. */
export async function checkServer(link: RedisLink): Promise<void> {
  const info = await ifAllowed(link.ask((redis) => redis.info()));
  const facts = new Map(
    (info ?? '')
      .split(/\r?\n/)
      .map((line) => [line.split(':', 1)[0] ?? '', line.slice(line.indexOf(':') + 1)]),
  );
  if (facts.get('cluster_enabled') === '1' || facts.get('redis_mode') === 'cluster') {
    throw unsupported(link, 'runs in cluster mode; use one without (not serverless, not sharded)');
  }
  const version = facts.get('redis_version') ?? '';
  if (Number.parseInt(version, 10) < OLDEST) {
    throw unsupported(link, `is version ${version}; version ${OLDEST} or newer is needed`);
  }
  const missing = await missingCommands(link);
  if (missing.length > 0) throw unsupported(link, `has no ${missing.join(', ').toUpperCase()}`);
}

/** The needed commands that the server does not know; none if it does not tell. */
async function missingCommands(link: RedisLink): Promise<string[]> {
  const names = [...new Set(NEEDED_COMMANDS.map((command) => command.split('|', 1)[0] ?? ''))];
  const known = await ifAllowed(link.ask((redis) => redis.call('COMMAND', 'INFO', ...names)));
  if (!Array.isArray(known) || known.length !== names.length) return [];
  return names.filter((_, index) => known[index] === null);
}

function unsupported({ address }: RedisLink, why: string): KnownError {
  return new KnownError('redis_unsupported', `Redis at ${address} ${why}.`);
}

/** The answer to a question that the consumer itself can do without; undefined if it is not answered. */
async function ifAllowed<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    const isRefused =
      error instanceof KnownError && ['redis_permission', 'redis_unsupported'].includes(error.code);
    if (isRefused) return undefined;
    throw error;
  }
}
