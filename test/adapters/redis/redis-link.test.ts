import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRedis } from '../../../scripts/start-redis.ts';
import { until } from '../../harness/until.ts';
import { localRedis, openLink } from './redis-world.ts';
import { redisBehindProxy, submitOver } from './link-through-proxy.ts';

const { redis, withLink } = redisBehindProxy();

test('runs a script that Redis has forgotten', () =>
  withLink(async (link) => {
    assert.equal(await submitOver(link, 'image:1'), 1);
    await redis().script('FLUSH');
    assert.equal(await submitOver(link, 'image:1'), 0);
    assert.equal(await submitOver(link, 'image:2'), 1);
  }));

test('drops a link over which a command stays unanswered, and says meanwhile what is wrong', () =>
  withLink(async (link, proxy) => {
    assert.equal(link.problem(), undefined);
    proxy.freeze();
    await assert.rejects(submitOver(link, 'image:1'), { code: 'redis_unreachable' });
    assert.match(link.problem() ?? '', /cannot be used now/);
    await until(() => proxy.opened > 2 && link.redis.status === 'ready');
    await submitOver(link, 'image:2');
    assert.equal(link.problem(), undefined);
  }));

test('comes back from a state in which the client library has given up', () =>
  withLink(async (link) => {
    link.redis.disconnect();
    await until(() => link.redis.status === 'end');
    await assert.rejects(submitOver(link, 'image:1'), { code: 'redis_unreachable' });
    await until(() => link.redis.status === 'ready');
    assert.equal(await submitOver(link, 'image:1'), 1);
  }));

test('is full for submissions, and goes on with them once there is room', () =>
  withLink(async (link) => {
    await redis().config('SET', 'maxmemory', 1);
    try {
      await assert.rejects(submitOver(link, 'image:1'), {
        code: 'redis_unreachable',
        message: /OOM/,
      });
    } finally {
      await redis().config('SET', 'maxmemory', 0);
    }
    assert.equal(await submitOver(link, 'image:1'), 1);
  }));

test('uses a Redis again that was started again', async () => {
  const first = await startRedis();
  const { link } = await openLink(localRedis(first.port));
  try {
    await submitOver(link, 'image:1');
    await first.close();
    await until(() => link.problem() !== undefined);
    const second = await startRedis(first.port);
    try {
      await until(async () => (await submitOver(link, 'image:2').catch(() => 0)) === 1);
      assert.equal(link.problem(), undefined);
    } finally {
      await second.close();
    }
  } finally {
    link.close();
  }
});
