import type { Redis } from 'ioredis';
import { abortable } from '../../abort.ts';
import { checkServer } from '../../adapters/redis/check-server.ts';
import {
  COMMAND_TIMEOUT_MS,
  type Dial,
  type RedisAddress,
  type RedisTls,
  dialRedis,
  promptAnswers,
} from '../../adapters/redis/connect.ts';
import { RedisLink } from '../../adapters/redis/redis-link.ts';
import { readCertificates, readKeyPair } from '../../adapters/tls-files.ts';
import { translateRedisError } from '../../adapters/redis/translate-error.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { KnownError } from '../../errors.ts';
import type { CoreSettings } from '../settings/read-settings.ts';

export { COMMAND_TIMEOUT_MS };

interface Opening {
  readonly signal: AbortSignal;
  /** Called with why Redis cannot be reached yet. */
  readonly onProblem: (message: string) => void;
}

/** Redis, reached and found fit. */
export interface OpenedRedis {
  /** Makes further connections, for blocking pops. */
  readonly dial: Dial;
  readonly link: RedisLink;
}

/** `host:port`, for messages. */
export function redisAddress({ redisHost, redisPort }: CoreSettings): string {
  return `${redisHost}:${redisPort}`;
}

/**
 * Connects to the Redis that the settings name, waits for it for as long as it takes, and makes sure that the
 * consumer can work with it: `redis_auth`, `redis_permission` or `redis_unsupported` otherwise.
 */
export async function openRedis(core: CoreSettings, opening: Opening): Promise<OpenedRedis> {
  const { signal } = opening;
  const onProblem = (message: string): void =>
    opening.onProblem(`${message} (REDIS_HOST and REDIS_PORT say ${redisAddress(core)}).`);
  const dial = await dialRedis(await addressOf(core), {
    clock,
    signal,
    onProblem: ({ message }) => onProblem(message),
  });
  const redis = dial(promptAnswers());
  try {
    const link = new RedisLink(redis, redisAddress(core));
    await untilReady(redis, link, { signal, onProblem });
    await abortable(signal, untilChecked(link, { signal, onProblem }));
    return { dial, link };
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}

async function untilReady(redis: Redis, link: RedisLink, opening: Opening): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onError = (thrown: unknown): void => {
    const error = translateRedisError(thrown, link.address);
    if (error.kind === 'fatal') reject(error);
    else opening.onProblem(error.message);
  };
  redis.once('ready', resolve);
  redis.on('error', onError);
  try {
    await abortable(opening.signal, promise);
  } finally {
    redis.off('ready', resolve);
    redis.off('error', onError);
  }
}

/** A server that goes away in the middle of the questions is asked again. */
async function untilChecked(link: RedisLink, { signal, onProblem }: Opening): Promise<void> {
  for (;;) {
    try {
      await checkServer(link);
      return;
    } catch (error) {
      if (!(error instanceof KnownError) || error.kind !== 'unavailable') throw error;
      onProblem(error.message);
      await clock.sleep(COMMAND_TIMEOUT_MS / 5, signal);
    }
  }
}

async function addressOf(core: CoreSettings): Promise<RedisAddress> {
  return {
    host: core.redisHost,
    port: core.redisPort,
    username: core.redisUsername,
    password: core.redisPassword,
    sentinelUsername: core.redisSentinelUsername,
    sentinelPassword: core.redisSentinelPassword,
    tls: await readRedisTls(core),
    reconnectMs: core.redisTimeout * 1000,
  };
}

/** What TLS with Redis needs, if the settings ask for it; reads its files. */
export async function readRedisTls(core: CoreSettings): Promise<RedisTls | undefined> {
  if (!core.redisTls) return undefined;
  const ca = await readCertificates({ variable: 'REDIS_CA_FILE', path: core.redisCaFile });
  const pair = await readKeyPair(
    { variable: 'REDIS_CERTIFICATE_FILE', path: core.redisCertificateFile },
    { variable: 'REDIS_KEY_FILE', path: core.redisKeyFile },
  );
  return {
    ...(ca && { ca: ca.toString() }),
    ...(pair && { cert: pair.certificate.toString(), key: pair.key.toString() }),
  };
}
