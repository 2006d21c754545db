import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Redis } from 'ioredis';
import { type LocalRedis, startRedis } from '../../../scripts/start-redis.ts';
import type { RedisLink } from '../../../src/adapters/redis/redis-link.ts';
import { loadScript } from '../../../src/adapters/redis/scripts/load-script.ts';
import { until } from '../../harness/until.ts';
import { FlakyProxy } from '../../proxies/tcp-fault-proxy.ts';
import { localRedis, openLink } from './redis-world.ts';

const SUBMIT = loadScript('submit');
let server: LocalRedis;
let redis: Redis;

before(async () => {
  server = await startRedis();
  redis = new Redis(server.port, '127.0.0.1');
});
beforeEach(() => redis.flushall());
after(async () => {
  redis.disconnect();
  await server.close();
});

async function withLink(
  work: (link: RedisLink, proxy: FlakyProxy) => Promise<void>,
): Promise<void> {
  const proxy = await FlakyProxy.start(server.port);
  const { link } = await openLink(localRedis(proxy.port));
  try {
    await work(link, proxy);
  } finally {
    link.close();
    await proxy.close();
  }
}

const submit = (link: RedisLink, key: string): Promise<unknown> =>
  link.run(SUBMIT, [key, 'image'], ['status', 'new']);

test('runs a script that Redis has forgotten', () =>
  withLink(async (link) => {
    assert.equal(await submit(link, 'image:1'), 1);
    await redis.script('FLUSH');
    assert.equal(await submit(link, 'image:1'), 0);
    assert.equal(await submit(link, 'image:2'), 1);
  }));

test('drops a link over which a command stays unanswered, and says meanwhile what is wrong', () =>
  withLink(async (link, proxy) => {
    assert.equal(link.problem(), undefined);
    proxy.freeze();
    await assert.rejects(submit(link, 'image:1'), { code: 'redis_unreachable' });
    assert.match(link.problem() ?? '', /cannot be used now/);
    await until(() => proxy.opened > 2 && link.redis.status === 'ready');
    await submit(link, 'image:2');
    assert.equal(link.problem(), undefined);
  }));

test('comes back from a state in which the client library has given up', () =>
  withLink(async (link) => {
    link.redis.disconnect();
    await until(() => link.redis.status === 'end');
    await assert.rejects(submit(link, 'image:1'), { code: 'redis_unreachable' });
    await until(() => link.redis.status === 'ready');
    assert.equal(await submit(link, 'image:1'), 1);
  }));

test('is full for submissions, and goes on with them once there is room', () =>
  withLink(async (link) => {
    await redis.config('SET', 'maxmemory', 1);
    try {
      await assert.rejects(submit(link, 'image:1'), { code: 'redis_unreachable', message: /OOM/ });
    } finally {
      await redis.config('SET', 'maxmemory', 0);
    }
    assert.equal(await submit(link, 'image:1'), 1);
  }));

test('uses a Redis again that was started again', async () => {
  const first = await startRedis();
  const { link } = await openLink(localRedis(first.port));
  try {
    await submit(link, 'image:1');
    await first.close();
    await until(() => link.problem() !== undefined);
    const second = await startRedis(first.port);
    try {
      await until(async () => (await submit(link, 'image:2').catch(() => 0)) === 1);
      assert.equal(link.problem(), undefined);
    } finally {
      await second.close();
    }
  } finally {
    link.close();
  }
});
