import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Redis } from 'ioredis';
import { BlockingPop } from '../../../../src/adapters/redis/jobs/blocking-pop.ts';
import { systemClock as clock } from '../../../../src/adapters/system-clock.ts';
import { KnownError } from '../../../../src/errors.ts';
import { until } from '../../../harness/until.ts';
import { TcpFaultProxy } from '../../../proxies/tcp-fault-proxy.ts';
import { localRedis, openLink } from '../redis-world.ts';
import {
  type RedisWithClient,
  startRedisWithClient,
} from '../../../harness/processes/redis-with-client.ts';

const never = new AbortController().signal;
let server: RedisWithClient;
let redis: Redis;

before(async () => {
  server = await startRedisWithClient();
  redis = server.client;
});
beforeEach(() => redis.flushall());
after(async () => {
  await server.close();
});

/** A pop over a proxy that can be made to misbehave. */
async function withPop(
  work: (pop: BlockingPop, proxy: TcpFaultProxy) => Promise<void>,
  seconds = 1,
): Promise<void> {
  const proxy = await TcpFaultProxy.start(server.port);
  const { dial, link } = await openLink(localRedis(proxy.port));
  const pop = new BlockingPop({ dial, link, clock, from: 'image', to: 'held', seconds });
  try {
    await work(pop, proxy);
  } finally {
    pop.close();
    link.close();
    await proxy.close();
  }
}

async function blockedClients(): Promise<string[]> {
  const clients = String(await redis.client('LIST')).split('\n');
  return clients.filter((line) => /cmd=brpoplpush/i.test(line) && /flags=b/.test(line));
}

const somebodyWaits = async (): Promise<boolean> => (await blockedClients()).length === 1;

test('takes a key that arrives while it waits', () =>
  withPop(async (pop) => {
    const popped = pop.pop(never);
    await until(somebodyWaits);
    await redis.lpush('image', 'image:1');
    assert.equal(await popped, 'image:1');
    assert.equal(await pop.pop(never), undefined);
  }));

test('leaves no command waiting on the server when it is given up', () =>
  withPop(async (pop) => {
    const control = new AbortController();
    const popped = pop.pop(control.signal);
    await until(somebodyWaits);
    control.abort(new Error('enough'));
    assert.equal(await popped, undefined);
    assert.deepEqual(await blockedClients(), []);
    await redis.lpush('image', 'image:1');
    assert.equal(await redis.llen('held'), 0);
    assert.equal(await pop.pop(never), 'image:1');
  }, 60));

test('leaves a key whose reply is lost in the list, and sends nothing twice', () =>
  withPop(async (pop, proxy) => {
    const popped = assert.rejects(pop.pop(never), { code: 'redis_unreachable' });
    await until(somebodyWaits);
    proxy.freeze();
    await redis.lpush('image', 'image:1', 'image:2');
    await until(async () => (await redis.llen('held')) === 1);
    proxy.cut();
    await popped;
    await until(async () => (await pop.pop(never).catch(() => undefined)) === 'image:2');
    assert.deepEqual(await redis.lrange('held', 0, -1), ['image:2', 'image:1']);
  }));

test('notices a link that has stopped responding two seconds after the answer was due', () =>
  withPop(async (pop, proxy) => {
    const popped = assert.rejects(pop.pop(never), {
      code: 'redis_unreachable',
      message: /has stopped responding/,
    });
    await until(somebodyWaits);
    proxy.freeze();
    await popped;
    proxy.onNew = 'forward';
    await until(async () => (await redis.lpush('image', 'image:1')) === 1);
    await until(async () => (await pop.pop(never).catch(() => undefined)) !== undefined);
  }));

test('takes a wait that the server ends for an outage that passes', () =>
  withPop(async (pop) => {
    const popped = pop.pop(never);
    await until(somebodyWaits);
    const [, id] = /id=(\d+)/.exec((await blockedClients())[0] ?? '') ?? [];
    await redis.client('UNBLOCK', Number(id), 'ERROR');
    await assert.rejects(popped, { code: 'redis_unreachable' });
    await redis.lpush('image', 'image:1');
    assert.equal(await pop.pop(never), 'image:1');
  }));

test('gives up a peer that takes the connection and says nothing', () =>
  withPop(async (pop, proxy) => {
    proxy.onNew = 'mute';
    await assert.rejects(pop.pop(never), {
      code: 'redis_unreachable',
      message: /stopped responding/,
    });
    assert.ok(proxy.opened >= 2);
  }));

test('hears the signal while a mute peer keeps it from connecting', () =>
  withPop(async (pop, proxy) => {
    proxy.onNew = 'mute';
    const control = new AbortController();
    const opened = proxy.nextConnection();
    const stop = new KnownError('shutting_down', 'The consumer is stopping.');
    const popped = assert.rejects(pop.pop(control.signal), stop);
    await opened;
    control.abort(stop);
    await popped;
  }));
