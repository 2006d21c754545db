import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Redis } from 'ioredis';
import type { Dial } from '../../../src/adapters/redis/connect.ts';
import type { RedisLink } from '../../../src/adapters/redis/redis-link.ts';
import { RedisQueues } from '../../../src/adapters/redis/redis-queues.ts';
import { localRedis, openConsumer, openLink } from './redis-world.ts';
import {
  type RedisWithClient,
  startRedisWithClient,
} from '../../harness/processes/redis-with-client.ts';

const never = new AbortController().signal;
let server: RedisWithClient;
let redis: Redis;
let opened: { readonly dial: Dial; readonly link: RedisLink };

before(async () => {
  server = await startRedisWithClient();
  redis = server.client;
  opened = await openLink(localRedis(server.port));
});
beforeEach(() => redis.flushall());
after(async () => {
  opened.link.close();
  await server.close();
});

test('shows the living consumers of a queue with their claims, and no dead one', async () => {
  const queues = new RedisQueues(opened.link);
  assert.deepEqual(await queues.consumers('image'), []);
  const [dead, living] = [openConsumer(opened), openConsumer(opened, { hostName: 'pod-2' })];
  await dead.queue.register(never);
  await redis.hset('image:1', { status: 'new' });
  await redis.lpush('processing-image:pod-1', 'image:1');
  await dead.queue.open('image:1', { heldHere: false, alone: false });
  const [first, ...others] = await queues.consumers('image');
  assert.deepEqual(others, []);
  assert.match(first?.since ?? '', /^20\d\d-.*Z$/);
  const { since, ...rest } = first ?? {};
  assert.ok(since);
  const { pid } = process;
  const expected = { host: 'pod-1', version: '1.2.3', pid, queues: ['image'], claims: 1 };
  assert.deepEqual(rest, expected);
  const [lease = ''] = await redis.zrangebyscore('kiosk:leases:image', '-inf', '+inf');
  await redis.zadd('kiosk:leases:image', 1, lease);
  await living.queue.register(never);
  const hosts = (await queues.consumers('image')).map(({ host }) => host);
  assert.deepEqual(hosts, ['pod-2']);
  await living.queue.close();
  await dead.queue.close();
});

test('shows queues, their lists and hashes, and nothing of our own', async () => {
  const consumer = openConsumer(opened);
  await consumer.queue.register(never);
  await redis.hset('image:1', { status: 'new' });
  await redis.lpush('image', 'image:1', 'image:2');
  await redis.lpush('processing-image:pod-2', Buffer.from([0xff]));
  await redis.set('image:text', '');
  assert.deepEqual(await new RedisQueues(opened.link).contents(), [
    {
      queue: 'image',
      waiting: 2,
      processing: [{ consumer: 'pod-2', jobs: 1 }],
      keys: ['image:1'],
    },
  ]);
  await consumer.queue.close();
});
