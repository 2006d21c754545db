import { randomUUID } from 'node:crypto';
import { NEEDED_COMMANDS } from '../../adapters/redis/check-server.ts';
import type { OpenedRedis } from '../../consumer/open/open-redis.ts';
import { type Check, Finding } from './check.ts';
import { tryJob } from './try-job.ts';
import { type CommandLine, refusedOf } from './refused-commands.ts';

const REMEDY =
  'Allow the user of REDIS_USERNAME these (ACL SETUSER); docs/REDIS.md has the whole line.';

/**
 * Tries every command and every kind of key that the consumer uses, then takes a job of our own through a
 * queue of our own.
 */
export function permissionCheck(opened: OpenedRedis, queue: string): Check {
  return {
    name: 'Redis commands',
    run: async () => {
      const refused = await refusedOf(opened, trials(queue));
      if (refused.length > 0) {
        throw new Finding(`this user may not use ${refused.join(', ')}`, REMEDY);
      }
      await tryJob(opened);
      return 'all that the consumer uses are allowed, and a job of our own went through';
    },
  };
}

/** Each command on a key of our own, and each kind of key with a command that reads and one that writes. */
function trials(queue: string): CommandLine[] {
  const id = randomUUID();
  const own = `kiosk:doctor:${id}`;
  const commands = NEEDED_COMMANDS.map((command): CommandLine => {
    const [name = '', subcommand] = command.split('|', 2);
    const words = subcommand === undefined ? (WORDS[name] ?? KEY)(own) : [subcommand, 0];
    return {
      shown: command.replace('|', ' ').toUpperCase(),
      words: [name, ...words],
      about: 'command',
    };
  });
  const keys = [
    ...listTrials(queue, queue),
    ...listTrials(`processing-${queue}:*`, `processing-${queue}:doctor-${id}`),
    ...hashTrials(`${queue}:*`, `${queue}:doctor:${id}`),
    ...hashTrials('kiosk:*', own),
  ];
  return [...commands, ...keys];
}

function listTrials(pattern: string, list: string): CommandLine[] {
  const shown = `the keys ${pattern}`;
  return [
    { shown, words: ['llen', list], about: 'key' },
    { shown, words: ['lpush', list, 'x'], about: 'key' },
  ];
}

function hashTrials(pattern: string, hash: string): CommandLine[] {
  const shown = `the keys ${pattern}`;
  return [
    { shown, words: ['hgetall', hash], about: 'key' },
    { shown, words: ['hset', hash, 'x', 'x'], about: 'key' },
  ];
}

type Words = (key: string) => readonly (string | number)[];

const KEY: Words = (key) => [key];
const MEMBER: Words = (key) => [key, 'x'];
const FIELD: Words = (key) => [key, 'x', 'x'];
const RANGE: Words = (key) => [key, 0, 0];
const NOTHING: Words = () => [];

/** What follows the name of a command, where that is not a key alone. */
// prettier-ignore
const WORDS: Readonly<Record<string, Words>> = {
  info: NOTHING, multi: NOTHING, time: NOTHING, scan: () => [0],
  eval: () => ['return 1', 0], evalsha: () => ['0'.repeat(40), 0],
  brpoplpush: (key) => [key, key, 1], expire: (key) => [key, 1],
  hget: MEMBER, hset: FIELD, hsetnx: FIELD, hmget: MEMBER, hdel: MEMBER, hstrlen: MEMBER,
  lrange: RANGE, lrem: (key) => [key, 0, 'x'], lpush: MEMBER, rpush: MEMBER,
  zadd: (key) => [key, 0, 'x'], zrem: MEMBER, zscore: MEMBER, zrange: RANGE, zrangebyscore: RANGE,
  sadd: MEMBER, srem: MEMBER, sismember: MEMBER,
};
