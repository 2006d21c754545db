import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../harness/until.ts';
import { redisBehindProxy, submitOver } from '../adapters/redis/link-through-proxy.ts';

const { redis, withLink } = redisBehindProxy();

test('never carries out later what was reported as failed', () =>
  withLink(async (link, proxy) => {
    proxy.freeze();
    const failed = assert.rejects(submitOver(link, 'image:1'), { code: 'redis_unreachable' });
    proxy.cut();
    await failed;
    await until(() => link.redis.status === 'ready');
    assert.equal(await submitOver(link, 'image:2'), 1);
    assert.deepEqual(await redis().lrange('image', 0, -1), ['image:2']);
  }));

test('fails at once while there is no connection, and keeps nothing for later', () =>
  withLink(async (link, proxy) => {
    proxy.onNew = 'reset';
    proxy.cut();
    await until(() => link.redis.status !== 'ready');
    await assert.rejects(submitOver(link, 'image:1'), { code: 'redis_unreachable' });
    assert.match(link.problem() ?? '', /^Redis at 127\.0\.0\.1:\d+ cannot be used now: /);
    proxy.onNew = 'forward';
    await until(() => link.redis.status === 'ready');
    await submitOver(link, 'image:2');
    assert.equal(link.problem(), undefined);
    assert.equal(await redis().exists('image:1'), 0);
  }));

test('makes one connection a second anew while Redis is a replica, and writes nothing late', () =>
  withLink(async (link, proxy) => {
    await submitOver(link, 'image:1');
    await redis().replicaof('127.0.0.1', 1);
    try {
      const opened = proxy.opened;
      for (let n = 0; n < 20; n++) {
        await assert.rejects(submitOver(link, 'image:2'), { code: 'redis_unreachable' });
      }
      await until(() => proxy.opened > opened);
      assert.equal(proxy.opened, opened + 1);
    } finally {
      await redis().replicaof('NO', 'ONE');
    }
    await until(async () => (await submitOver(link, 'image:3').catch(() => 0)) === 1);
    assert.deepEqual(await redis().lrange('image', 0, -1), ['image:3', 'image:1']);
  }));
