import { isIP } from 'node:net';
import { Redis } from 'ioredis';
import type { Clock } from '../../ports.ts';
import { SafeSentinelConnector } from './sentinel-connector.ts';
import { type ConnectionOptions, type SentinelGroup, sentinelGroup } from './sentinel-group.ts';
import { rootMessage, translateRedisError } from './translate-error.ts';

/** PEM texts; what is absent is that of the system. */
export interface RedisTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** For a Sentinel that wants another login than its Redis; the same if the password is empty. */
  readonly sentinelUsername: string;
  readonly sentinelPassword: string;
  /** Undefined for plain text. */
  readonly tls: RedisTls | undefined;
  /** Longest pause between attempts to reconnect. */
  readonly reconnectMs: number;
}

/** Makes connections to one Redis, or to the master that Sentinels name. */
export type Dial = (options?: ConnectionOptions) => Redis;

interface Dialling {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called once a round with why Redis cannot be reached yet. */
  readonly onProblem: (error: Error) => void;
}

/** A command that is not answered within this time has failed, and the link that it went over is dropped. */
export const COMMAND_TIMEOUT_MS = 5000;
const CONNECT_TIMEOUT_MS = 5000;
const READONLY_PAUSE_MS = 1000;

/**
 * Detects whether the address is that of a Redis or of a Sentinel, and waits for as long as neither answers.
 */
export async function dialRedis(address: RedisAddress, dialling: Dialling): Promise<Dial> {
  const { clock, signal, onProblem } = dialling;
  for (;;) {
    signal.throwIfAborted();
    try {
      const group = await findGroup(address);
      return (options) => new Redis({ ...connection(address, group, clock), ...options });
    } catch (thrown) {
      const error = translateRedisError(thrown, `${address.host}:${address.port}`);
      if (error.kind === 'fatal') throw error;
      onProblem(error);
      await clock.sleep(address.reconnectMs, signal);
    }
  }
}

async function findGroup(address: RedisAddress): Promise<SentinelGroup | undefined> {
  const { host, port, username, password, sentinelUsername, sentinelPassword } = address;
  const own = { username: sentinelUsername, password: sentinelPassword };
  const login = sentinelPassword === '' ? { username, password } : own;
  const options = { host, port, ...limits(), commandTimeout: COMMAND_TIMEOUT_MS, ...tls(address) };
  return sentinelGroup(options, login);
}

function connection(
  address: RedisAddress,
  group: SentinelGroup | undefined,
  clock: Clock,
): ConnectionOptions {
  const { username, password, reconnectMs } = address;
  const backoff = (attempt: number): number => Math.min(50 * 2 ** attempt, reconnectMs);
  return {
    ...limits(),
    // Nothing is kept for later or sent again: who asked has been told that it failed, and asks again.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // What is unanswered when the connection is lost fails at once.
    maxRetriesPerRequest: 0,
    retryStrategy: backoff,
    sentinelRetryStrategy: backoff,
    reconnectOnError: reconnectFromReplica(clock),
    ...(username !== '' && { username }),
    ...(password !== '' && { password }),
    ...(group
      ? sentinel(address, group)
      : { host: address.host, port: address.port, ...tls(address) }),
  };
}

function limits(): ConnectionOptions {
  return {
    protocol: 2,
    disableClientInfo: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: 10_000,
  };
}

/** For connections on which every command is answered soon: all but those of blocking pops. */
export function promptAnswers(): ConnectionOptions {
  return { commandTimeout: COMMAND_TIMEOUT_MS, socketTimeout: COMMAND_TIMEOUT_MS };
}

function sentinel(
  { host, port, tls: secured }: RedisAddress,
  group: SentinelGroup,
): ConnectionOptions {
  const { username = '', password = '' } = group.login ?? {};
  return {
    Connector: SafeSentinelConnector,
    sentinels: [{ host, port }],
    name: group.name,
    role: 'master',
    failoverDetector: true,
    // A Sentinel that takes the connection and then says nothing.
    sentinelCommandTimeout: COMMAND_TIMEOUT_MS,
    ...(password !== '' && { sentinelPassword: password }),
    ...(username !== '' && { sentinelUsername: username }),
    ...(secured && {
      tls: { ...secured },
      sentinelTLS: { ...secured },
      enableTLSForSentinelMode: true,
    }),
  };
}

/** Services that serve many names at one address ask for the name. */
function tls({ host, tls: secured }: RedisAddress): ConnectionOptions {
  if (!secured) return {};
  return { tls: { ...secured, ...(isIP(host) === 0 && { servername: host }) } };
}

/**
 * After a fail-over the old master still answers, but only reads: the connection is made anew, which finds
 * the new one. Not more than once a second, however many commands fail.
 */
function reconnectFromReplica(clock: Clock): (error: Error) => boolean {
  let lastAt = -Infinity;
  return (error) => {
    if (!rootMessage(error.message).startsWith('READONLY')) return false;
    if (clock.monotonic() - lastAt < READONLY_PAUSE_MS) return false;
    lastAt = clock.monotonic();
    return true;
  };
}
