import type { Redis } from 'ioredis';
import { KnownError } from '../../errors.ts';
import { type OpenedRedis, openRedis, redisAddress } from '../../consumer/open/open-redis.ts';
import type { CoreSettings } from '../../consumer/settings/read-settings.ts';
import { type Check, Finding } from './check.ts';

/** The first check: reaches Redis and hands the connection over to the others. A consumer would wait; this gives up. */
export function reachCheck(core: CoreSettings, reached: (opened: OpenedRedis) => void): Check {
  return {
    name: 'Redis',
    run: async (signal) => {
      const refused = new AbortController();
      const opened = await openRedis(core, {
        signal: AbortSignal.any([signal, refused.signal]),
        onProblem: (message) => refused.abort(new KnownError('redis_unreachable', message)),
      });
      reached(opened);
      const { redis } = opened.link;
      const { sentinels, name } = redis.options;
      const address = redisAddress(core);
      return sentinels ? `Sentinel at ${address} names the master "${name}"` : `at ${address}`;
    },
  };
}

export function roleCheck(redis: Redis): Check {
  return { name: 'Redis role', run: () => roleOf(redis) };
}

/** Checks that a replica can pass too, in the order of the report. */
export function redisChecks(redis: Redis): Check[] {
  return [
    { name: 'Redis eviction', run: () => evictionOf(redis) },
    { name: 'Redis round trip', run: () => roundTripOf(redis) },
    { name: 'Clock', run: () => clockOf(redis) },
  ];
}

async function roleOf(redis: Redis): Promise<string> {
  const answer = await ifAllowed(redis.role());
  if (answer === undefined) return 'not known: this user may not ask for it';
  const role = String(Array.isArray(answer) ? answer[0] : answer);
  if (role === 'master') return 'master';
  throw new Finding(
    `this Redis is a ${role}, which takes no writes`,
    'Set REDIS_HOST to the master, or REDIS_HOST and REDIS_PORT to a Sentinel, usually port 26379.',
  );
}

async function evictionOf(redis: Redis): Promise<string> {
  const memory = await ifAllowed(redis.info('memory'));
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory ?? '')?.[1];
  if (policy === undefined) return 'not known: this Redis does not tell';
  if (policy === 'noeviction') return policy;
  throw new Finding(
    `maxmemory-policy is "${policy}", so that Redis may throw jobs away when its memory is full`,
    'Run CONFIG SET maxmemory-policy noeviction, and write it into the configuration of Redis.',
  );
}

const ROUNDS = 9;

async function roundTripOf(redis: Redis): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await redis.time();
    times.push(performance.now() - start);
  }
  const median = times.toSorted((one, other) => one - other)[(ROUNDS - 1) / 2] ?? 0;
  return `${median.toFixed(2)} ms`;
}

/** The Kiosk's janitor takes jobs away whose last sign of life is older than 15 s. */
const LARGEST_DIFFERENCE_S = 5;

async function clockOf(redis: Redis): Promise<string> {
  const before = Date.now();
  const answer = await ifAllowed(redis.time());
  if (answer === undefined) return 'not known: this user may not ask Redis for its time';
  const [seconds = 0, microseconds = 0] = answer.map(Number);
  const ours = (before + Date.now()) / 2000;
  const difference = seconds + microseconds / 1e6 - ours;
  const text = `${Math.abs(difference).toFixed(2)} s ${difference < 0 ? 'ahead of' : 'behind'} Redis`;
  if (Math.abs(difference) <= LARGEST_DIFFERENCE_S) return text;
  throw new Finding(
    `the clock of this machine is ${text}; the janitor may take jobs for dead`,
    'Set the clocks of both machines by NTP.',
  );
}

/** The answer of a command that the consumer itself can do without; undefined if it is not allowed. */
async function ifAllowed<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && /^(NOPERM|ERR unknown command)/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}
