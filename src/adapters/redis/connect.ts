import { Redis, type RedisOptions } from 'ioredis';
import type { Clock } from '../../ports.ts';
import { translateRedisError } from './translate-error.ts';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly tls: boolean;
  /** Longest pause between attempts to reconnect. */
  readonly reconnectMs: number;
}

/** Replies keep the shapes of RESP2. */
type Options = RedisOptions & { readonly replyMapping?: 'legacy' };

/** Makes connections to one Redis, or to the master that Sentinels name. */
export type Dial = (options?: Options) => Redis;

interface Dialling {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told once a round why Redis cannot be reached yet. */
  readonly onProblem: (error: Error) => void;
}

const LONGEST_SILENCE_MS = 5000;

/**
 * Finds out whether the address is that of a Redis or of a Sentinel, and waits for as long as neither answers. A Sentinel answers
 * SENTINEL MASTERS; a Redis does not know the command.
 */
export async function dialRedis(address: RedisAddress, dialling: Dialling): Promise<Dial> {
  const { clock, signal, onProblem } = dialling;
  for (;;) {
    signal.throwIfAborted();
    try {
      const group = await sentinelGroup(address);
      return (options) => new Redis({ ...common(address), ...target(address, group), ...options });
    } catch (thrown) {
      const error = translateRedisError(thrown, `${address.host}:${address.port}`);
      if (error.kind === 'fatal') throw error;
      onProblem(error);
      await clock.sleep(address.reconnectMs, signal);
    }
  }
}

/** The last group of masters that a Sentinel watches; undefined if the address is that of a plain Redis. */
async function sentinelGroup(address: RedisAddress): Promise<string | undefined> {
  const probe = new Redis({
    ...common(address),
    host: address.host,
    port: address.port,
    lazyConnect: true,
    retryStrategy: () => null,
    commandTimeout: LONGEST_SILENCE_MS,
  });
  let trouble: unknown;
  probe.on('error', (error) => (trouble = error));
  try {
    await probe.connect().catch((error: unknown) => {
      throw trouble ?? error;
    });
    const masters = await probe.call('SENTINEL', 'MASTERS').catch((error: unknown) => {
      if (error instanceof Error && /^(ERR|NOPERM)/.test(error.message)) return [];
      throw error;
    });
    return Array.isArray(masters) ? groupName(masters.at(-1)) : undefined;
  } finally {
    probe.disconnect();
  }
}

/** A group comes as a list of names and values (RESP2) or as a map (RESP3). */
function groupName(group: unknown): string | undefined {
  if (Array.isArray(group)) {
    const name: unknown = group[group.indexOf('name') + 1];
    return typeof name === 'string' ? name : undefined;
  }
  if (group instanceof Map) return groupName([...group].flat());
  if (typeof group === 'object' && group !== null) return groupName(Object.entries(group).flat());
  return undefined;
}

function target(
  { host, port, username, password }: RedisAddress,
  group: string | undefined,
): Options {
  if (group === undefined) return { host, port };
  return {
    sentinels: [{ host, port }],
    name: group,
    role: 'master',
    failoverDetector: true,
    ...(password !== '' && { sentinelPassword: password }),
    ...(username !== '' && { sentinelUsername: username }),
  };
}

function common({ username, password, tls, reconnectMs }: RedisAddress): Options {
  const backoff = (attempt: number): number => Math.min(50 * 2 ** attempt, reconnectMs);
  return {
    protocol: 2,
    connectTimeout: LONGEST_SILENCE_MS,
    keepAlive: 10_000,
    maxRetriesPerRequest: null,
    retryStrategy: backoff,
    sentinelRetryStrategy: backoff,
    // After a fail-over the old master still answers, but only reads: look for the new one and repeat.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(tls && { tls: {} }),
  };
}
