import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import {
  type Dial,
  type RedisAddress,
  dialRedis,
  promptAnswers,
} from '../../../src/adapters/redis/connect.ts';
import {
  type RedisJobs,
  type RedisJobsOptions,
  openRedisJobs,
} from '../../../src/adapters/redis/jobs/open-jobs.ts';
import { decodeKey, encodeKey } from '../../../src/key-codec.ts';
import { RedisDeadLetters } from '../../../src/adapters/redis/redis-dead-letters.ts';
import { RedisLink } from '../../../src/adapters/redis/redis-link.ts';
import type { Clock } from '../../../src/ports.ts';
import { systemClock } from '../../../src/adapters/system-clock.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import type { Consumer, JobWorld } from './contract/world.ts';

const never = new AbortController().signal;

export function localRedis(port: number): RedisAddress {
  return {
    host: '127.0.0.1',
    port,
    username: '',
    password: '',
    sentinelUsername: '',
    sentinelPassword: '',
    tls: undefined,
    reconnectMs: 200,
  };
}

/** Connections as the consumer opens them, ready. */
export async function openLink(
  address: RedisAddress,
  clock: Clock = systemClock,
): Promise<{ readonly dial: Dial; readonly link: RedisLink }> {
  const dial = await dialRedis(address, { clock, signal: never, onProblem: () => {} });
  const redis = dial(promptAnswers());
  const link = new RedisLink(redis, `${address.host}:${address.port}`);
  await once(redis, 'ready');
  return { dial, link };
}

/** A consumer of the queue "image" as pod-1. */
export function openConsumer(
  { dial, link }: { readonly dial: Dial; readonly link: RedisLink },
  options: Partial<RedisJobsOptions> = {},
): RedisJobs {
  return openRedisJobs({
    dial,
    link,
    clock: systemClock,
    queue: 'image',
    hostName: 'pod-1',
    version: '1.2.3',
    popSeconds: 1,
    childrenInQueue: 250,
    expireSeconds: 3600,
    ...options,
  });
}

/** The adapter on a real server. Time passes by moving the leases: Redis has a clock of its own, years off that of consumers. */
export async function openRedisWorld(port: number): Promise<JobWorld> {
  const clock = new FakeClock(new Date('1999-12-31T23:59:59Z'));
  const raw = new Redis(port, '127.0.0.1');
  await raw.flushall();
  const opened = await openLink(localRedis(port), clock);
  const consumers: Consumer[] = [];
  return {
    consumer: ({ host = 'pod-1', ...options } = {}) => {
      const consumer = openConsumer(opened, { clock, hostName: host, ...options });
      consumers.push(consumer);
      return consumer;
    },
    letters: new RedisDeadLetters(opened.link),
    ...hashesOf(raw),
    ...listsOf(raw),
    pass: (ms) => pass(raw, clock, ms),
    wait: (ms) => clock.advance(ms),
    untilSomebodySleeps: async () => {
      while (clock.sleepers === 0) await systemClock.sleep(2);
    },
    replica: () => replica(raw),
    close: async () => {
      await Promise.all(consumers.map(({ queue }) => queue.close()));
      opened.link.close();
      raw.disconnect();
    },
  };
}

function hashesOf(
  raw: Redis,
): Pick<JobWorld, 'fields' | 'write' | 'remove' | 'writeText' | 'expiry'> {
  return {
    fields: async (key) => raw.hgetall(encodeKey(key)),
    write: async (key, fields) => void (await raw.hset(encodeKey(key), fields)),
    remove: async (key) => void (await raw.del(encodeKey(key))),
    writeText: async (key) => void (await raw.set(encodeKey(key), 'text')),
    expiry: async (key) => {
      const seconds = await raw.ttl(encodeKey(key));
      return seconds < 0 ? undefined : seconds;
    },
  };
}

function listsOf(raw: Redis): Pick<JobWorld, 'entries' | 'pushLeft' | 'take' | 'move'> {
  return {
    entries: async (list) => (await raw.lrangeBuffer(list, 0, -1)).map(decodeKey),
    pushLeft: async (list, key) => void (await raw.lpush(list, encodeKey(key))),
    take: async (list, key) => raw.lrem(list, 0, encodeKey(key)),
    move: async (from, to) => {
      const key = await raw.rpoplpushBuffer(from, to);
      return key === null ? undefined : decodeKey(key);
    },
  };
}

async function pass(raw: Redis, clock: FakeClock, ms: number): Promise<void> {
  for (const leases of await raw.keys('kiosk:leases:*')) {
    for (const owner of await raw.zrangebyscore(leases, '-inf', '+inf')) {
      await raw.zincrby(leases, -ms, owner);
    }
  }
  await clock.advance(ms);
}

async function replica(raw: Redis): Promise<() => Promise<void>> {
  const keys = await raw.keys('*');
  const saved = await Promise.all(
    keys.map(async (key) => [key, await raw.dumpBuffer(key)] as const),
  );
  return async () => {
    await raw.flushall();
    for (const [key, dump] of saved) {
      assert.ok(dump);
      await raw.restore(key, 0, dump);
    }
  };
}
