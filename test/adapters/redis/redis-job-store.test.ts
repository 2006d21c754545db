import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Redis } from 'ioredis';
import { type LocalRedis, startRedis } from '../../../scripts/start-redis.ts';
import { dialRedis } from '../../../src/adapters/redis/connect.ts';
import { RedisJobStore } from '../../../src/adapters/redis/redis-job-store.ts';
import { RedisMetadataCache } from '../../../src/adapters/redis/redis-metadata-cache.ts';
import { systemClock as clock } from '../../../src/adapters/system-clock.ts';
import { FlakyProxy } from '../../proxies/tcp-fault-proxy.ts';

const never = new AbortController().signal;
const PROCESSING = 'processing-image:pod-1';
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

async function openStore(port = server.port): Promise<RedisJobStore> {
  const address = {
    host: '127.0.0.1',
    port,
    username: '',
    password: '',
    tls: false,
    reconnectMs: 200,
  };
  const dial = await dialRedis(address, { clock, signal: never, onProblem: () => {} });
  return new RedisJobStore({
    dial,
    commands: dial({ commandTimeout: 2000 }),
    clock,
    address: `127.0.0.1:${port}`,
    queue: 'image',
    hostName: 'pod-1',
    popSeconds: 1,
  });
}

async function withStore(
  work: (store: RedisJobStore) => Promise<void>,
  port?: number,
): Promise<void> {
  const store = await openStore(port);
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

/** The clients that wait in BRPOPLPUSH. */
async function blockedClients(): Promise<number> {
  const list = String(await redis.client('LIST'));
  return list.split('\n').filter((line) => /cmd=brpoplpush.*/i.test(line) && /flags=b/.test(line))
    .length;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 10_000; !(await holds());) {
    assert.ok(performance.now() < deadline, 'it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

test('keys are claimed in the order of their submission, and lie in the processing list', () =>
  withStore(async (store) => {
    const keys = ['image:with space, comma:1', 'image:übung.tif:2', 'image:3'];
    for (const key of keys) await store.submit('image', key, { status: 'new' });
    for (const key of keys) assert.equal(await store.claim(never), key);
    assert.deepEqual(await redis.lrange(PROCESSING, 0, -1), keys.toReversed());
    assert.deepEqual(await store.held(), keys.toReversed());
    assert.deepEqual(await store.depth(), { waiting: 0, held: 3 });
    assert.equal(await store.claim(never), undefined);
  }));

test('a key that arrives while the store waits is claimed at once', () =>
  withStore(async (store) => {
    const claimed = store.claim(never);
    await until(async () => (await blockedClients()) === 1);
    await redis.lpush('image', 'image:1');
    assert.equal(await claimed, 'image:1');
  }));

test('a claim that is given up leaves no blocked command behind, and no key', () =>
  withStore(async (store) => {
    const control = new AbortController();
    const claimed = store.claim(control.signal);
    await until(async () => (await blockedClients()) === 1);
    control.abort(new Error('enough'));
    await assert.rejects(claimed, { message: 'enough' });
    assert.equal(await blockedClients(), 0);
    await redis.lpush('image', 'image:1');
    assert.deepEqual(await store.held(), []);
  }));

test('settle writes all fields and drops the claim in one step', () =>
  withStore(async (store) => {
    await store.submit('image', 'image:1', { status: 'new', kept: 'yes' });
    await store.claim(never);
    assert.equal(await store.settle('image:1', { status: 'done', output_url: 'x' }), true);
    const { updated_at, ...fields } = await redis.hgetall('image:1');
    assert.deepEqual(fields, { status: 'done', kept: 'yes', output_url: 'x', updated_by: 'pod-1' });
    assert.match(updated_at ?? '', /^\d{4}-.*Z$/);
    assert.equal(await redis.exists(PROCESSING), 0);
  }));

test('a job that somebody else finished is not written again; its claim is dropped', () =>
  withStore(async (store) => {
    await store.submit('image', 'image:1', { status: 'done', output_url: 'first' });
    await store.claim(never);
    assert.equal(await store.settle('image:1', { status: 'failed', reason: 'late' }), false);
    assert.equal(await redis.hget('image:1', 'output_url'), 'first');
    assert.equal(await redis.exists(PROCESSING), 0);
  }));

test('a hash that is gone is never brought back', () =>
  withStore(async (store) => {
    await redis.lpush('image', 'image:gone');
    await store.claim(never);
    assert.equal(await store.read('image:gone'), undefined);
    assert.equal(await store.update('image:gone', { status: 'started' }), false);
    await store.touch(['image:gone']);
    assert.equal(await store.settle('image:gone', { status: 'done' }), false);
    assert.equal(await redis.exists('image:gone'), 0);
    assert.deepEqual(await store.held(), []);
  }));

test('a key of another type is as good as gone', () =>
  withStore(async (store) => {
    await redis.set('image:text', 'no hash');
    assert.equal(await store.read('image:text'), undefined);
    assert.equal(await store.update('image:text', { status: 'started' }), false);
  }));

test('a key that is given back is the next to be claimed; one that is not ours stays', () =>
  withStore(async (store) => {
    for (const n of [1, 2, 3]) await store.submit('image', `image:${n}`, { status: 'new' });
    await store.claim(never);
    assert.equal(await store.giveBack('image:1'), true);
    assert.equal(await store.giveBack('image:1'), false);
    assert.deepEqual(await redis.lrange('image', 0, -1), ['image:3', 'image:2', 'image:1']);
    assert.equal(await store.claim(never), 'image:1');
  }));

test('touch marks those that are in work, not those that are finished', () =>
  withStore(async (store) => {
    await redis.hset('image:1', { status: 'started' });
    await redis.hset('image:2', { status: 'done' });
    await store.touch(['image:1', 'image:2', 'image:3']);
    assert.equal(await redis.hget('image:1', 'updated_by'), 'pod-1');
    assert.equal(await redis.hexists('image:2', 'updated_by'), 0);
  }));

test('a reply that is lost leaves the key where the next look finds it, and the next claim works', async () => {
  const proxy = await FlakyProxy.start(server.port);
  try {
    await withStore(async (store) => {
      const claimed = store.claim(never);
      claimed.catch(() => undefined);
      await until(async () => (await blockedClients()) === 1);
      proxy.freeze();
      await redis.hset('image:1', { status: 'new' });
      await redis.lpush('image', 'image:1');
      await until(async () => (await redis.llen(PROCESSING)) === 1);
      proxy.cut();
      await assert.rejects(claimed, { code: 'redis_unreachable' });
      await until(async () => (await store.held().catch((): string[] => [])).includes('image:1'));
      await redis.lpush('image', 'image:2');
      await until(async () => (await store.claim(never).catch(() => undefined)) === 'image:2');
    }, proxy.port);
  } finally {
    await proxy.close();
  }
});

test('a link that has fallen silent is noticed, and given up', async () => {
  const proxy = await FlakyProxy.start(server.port);
  try {
    await withStore(async (store) => {
      const claimed = store.claim(never);
      await until(async () => (await blockedClients()) === 1);
      proxy.freeze();
      await assert.rejects(claimed, { code: 'redis_unreachable', message: /has fallen silent/ });
    }, proxy.port);
  } finally {
    await proxy.close();
  }
});

test('a replica is taken for an outage that passes', () =>
  withStore(async (store) => {
    await redis.hset('image:1', { status: 'new' });
    await redis.replicaof('127.0.0.1', 1);
    try {
      await assert.rejects(store.update('image:1', { status: 'x' }), { code: 'redis_unreachable' });
    } finally {
      await redis.replicaof('NO', 'ONE');
    }
    await until(async () => store.update('image:1', { status: 'x' }).catch(() => false));
  }));

test('a wait that the server ends is taken for an outage that passes', () =>
  withStore(async (store) => {
    const claimed = store.claim(never);
    await until(async () => (await blockedClients()) === 1);
    const [, id] = /id=(\d+)[^\n]*cmd=brpoplpush/i.exec(String(await redis.client('LIST'))) ?? [];
    await redis.client('UNBLOCK', Number(id), 'ERROR');
    await assert.rejects(claimed, { code: 'redis_unreachable' });
    await redis.lpush('image', 'image:1');
    assert.equal(await store.claim(never), 'image:1');
  }));

test('a Redis that is started again is used again', async () => {
  const first = await startRedis();
  const store = await openStore(first.port);
  try {
    const claimed = assert.rejects(store.claim(never), { code: 'redis_unreachable' });
    await first.close();
    await claimed;
    assert.match(store.problem() ?? '', /cannot be reached/);
    const second = await startRedis(first.port);
    try {
      await until(async () =>
        store.submit('image', 'image:1', { status: 'new' }).then(
          () => true,
          () => false,
        ),
      );
      assert.equal(await store.claim(never), 'image:1');
      assert.equal(store.problem(), undefined);
    } finally {
      await second.close();
    }
  } finally {
    await store.close();
  }
});

test('a wrong password is fatal', async () => {
  await redis.config('SET', 'requirepass', 'secret');
  try {
    await assert.rejects(openStore(), { code: 'redis_auth' });
  } finally {
    await redis.config('SET', 'requirepass', '');
  }
});

test('metadata is shared with an expiry', async () => {
  const cache = new RedisMetadataCache(redis);
  assert.equal(await cache.get('Model:1'), undefined);
  await cache.put('Model:1', '{}', 30);
  assert.equal(await cache.get('Model:1'), '{}');
  assert.equal(await redis.ttl('Model:1'), 30);
});
