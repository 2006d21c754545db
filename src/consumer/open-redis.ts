import type { Redis } from 'ioredis';
import { abortable } from '../abort.ts';
import { type Dial, dialRedis } from '../adapters/redis/connect.ts';
import { translateRedisError } from '../adapters/redis/translate-error.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import type { CoreSettings } from './read-settings.ts';

/** A command that Redis has not answered for so long has failed. */
export const COMMAND_TIMEOUT_MS = 5000;

interface Opening {
  readonly signal: AbortSignal;
  /** Told why Redis cannot be reached yet. */
  readonly onProblem: (message: string) => void;
}

/** `host:port`, for messages. */
export function redisAddress({ redisHost, redisPort }: CoreSettings): string {
  return `${redisHost}:${redisPort}`;
}

/** Finds the Redis that the settings name; waits for it for as long as it takes. */
export async function openRedis(core: CoreSettings, opening: Opening): Promise<Dial> {
  return dialRedis(
    {
      host: core.redisHost,
      port: core.redisPort,
      username: core.redisUsername,
      password: core.redisPassword,
      tls: core.redisTls,
      reconnectMs: core.redisTimeout * 1000,
    },
    { clock, signal: opening.signal, onProblem: ({ message }) => opening.onProblem(message) },
  );
}

/**
 * Connects to the Redis that the settings name. While the connection is lost, commands fail at once and are not sent later, so that
 * whoever asks can tell what is wrong and ask again.
 */
export async function connectRedis(core: CoreSettings, opening: Opening): Promise<Redis> {
  const dial = await openRedis(core, opening);
  const redis = dial({
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
  });
  let isReady = false;
  const ready = new Promise<void>((resolve) => redis.once('ready', resolve));
  redis.on('error', (error) => {
    if (!isReady) opening.onProblem(translateRedisError(error, redisAddress(core)).message);
  });
  try {
    await abortable(opening.signal, ready);
    isReady = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    throw error;
  }
}
