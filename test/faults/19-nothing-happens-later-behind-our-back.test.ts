import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Redis } from 'ioredis';
import { type LocalRedis, startRedis } from '../../scripts/start-redis.ts';
import type { RedisLink } from '../../src/adapters/redis/redis-link.ts';
import { loadScript } from '../../src/adapters/redis/scripts/load-script.ts';
import { until } from '../harness/until.ts';
import { FlakyProxy } from '../proxies/tcp-fault-proxy.ts';
import { localRedis, openLink } from '../adapters/redis/redis-world.ts';

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

test('never carries out later what was reported as failed', () =>
  withLink(async (link, proxy) => {
    proxy.freeze();
    const failed = assert.rejects(submit(link, 'image:1'), { code: 'redis_unreachable' });
    proxy.cut();
    await failed;
    await until(() => link.redis.status === 'ready');
    assert.equal(await submit(link, 'image:2'), 1);
    assert.deepEqual(await redis.lrange('image', 0, -1), ['image:2']);
  }));

test('fails at once while there is no connection, and keeps nothing for later', () =>
  withLink(async (link, proxy) => {
    proxy.onNew = 'reset';
    proxy.cut();
    await until(() => link.redis.status !== 'ready');
    await assert.rejects(submit(link, 'image:1'), { code: 'redis_unreachable' });
    assert.match(link.problem() ?? '', /^Redis at 127\.0\.0\.1:\d+ cannot be used now: /);
    proxy.onNew = 'forward';
    await until(() => link.redis.status === 'ready');
    await submit(link, 'image:2');
    assert.equal(link.problem(), undefined);
    assert.equal(await redis.exists('image:1'), 0);
  }));

test('makes one connection a second anew while Redis is a replica, and writes nothing late', () =>
  withLink(async (link, proxy) => {
    await submit(link, 'image:1');
    await redis.replicaof('127.0.0.1', 1);
    try {
      const opened = proxy.opened;
      for (let n = 0; n < 20; n++) {
        await assert.rejects(submit(link, 'image:2'), { code: 'redis_unreachable' });
      }
      await until(() => proxy.opened > opened);
      assert.equal(proxy.opened, opened + 1);
    } finally {
      await redis.replicaof('NO', 'ONE');
    }
    await until(async () => (await submit(link, 'image:3').catch(() => 0)) === 1);
    assert.deepEqual(await redis.lrange('image', 0, -1), ['image:3', 'image:1']);
  }));
