import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import type { Redis } from 'ioredis';
import { Member } from '../../../../src/adapters/redis/jobs/member.ts';
import { processIdentity } from '../../../../src/adapters/redis/jobs/process-identity.ts';
import { register } from '../../../../src/adapters/redis/jobs/registration.ts';
import type { RedisLink } from '../../../../src/adapters/redis/redis-link.ts';
import { FakeClock } from '../../../fakes/fake-clock.ts';
import { localRedis, openLink } from '../redis-world.ts';
import {
  type RedisWithClient,
  startRedisWithClient,
} from '../../../harness/processes/redis-with-client.ts';

const signal = new AbortController().signal;
let server: RedisWithClient;
let link: RedisLink;
let redis: Redis;

before(async () => {
  server = await startRedisWithClient();
  redis = server.client;
  ({ link } = await openLink(localRedis(server.port)));
});
after(async () => {
  link.close();
  await server.close();
});

/** A clock on which nobody may wait. */
const clock = new FakeClock();

async function registerAs(startTicks: string): Promise<Member> {
  const member = new Member({ link, queue: 'image', hostName: 'laptop' });
  const identity = { ...processIdentity(), startTicks };
  const presence = { host: 'laptop', since: '', version: '1.2.3', queues: [], ...identity };
  await register({ member, presence, clock, signal });
  return member;
}

test('takes over at once where the process of the predecessor can be seen to have ended', async () => {
  const child = spawn('true');
  await once(child, 'exit');
  const dead = await registerAs('1');
  const next = await registerAs(processIdentity().startTicks);
  assert.equal(await redis.zscore('kiosk:leases:image', dead.owner), '0');
  assert.equal(await redis.hget('kiosk:hosts:image', 'laptop'), next.owner);
});

test('writes who it is for people who look at Redis', async () => {
  const [json = '{}'] = Object.values(await redis.hgetall('kiosk:consumers:image'));
  const { host, version, pid } = JSON.parse(json) as Record<string, unknown>; // As written above.
  assert.deepEqual({ host, version, pid }, { host: 'laptop', version: '1.2.3', pid: process.pid });
});
