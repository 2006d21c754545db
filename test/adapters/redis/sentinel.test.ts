import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { startRedis } from '../../../scripts/start-redis.ts';
import type { RedisAddress } from '../../../src/adapters/redis/connect.ts';
import { KnownError } from '../../../src/errors.ts';
import { translateRedisError } from '../../../src/adapters/redis/translate-error.ts';
import { type Sentinel, startSentinel } from '../../harness/processes/sentinel.ts';
import { until } from '../../harness/until.ts';
import { TcpFaultProxy } from '../../proxies/tcp-fault-proxy.ts';
import { localRedis, openConsumer, openLink } from './redis-world.ts';

const never = new AbortController().signal;
/** Usually two seconds; a Sentinel that gets no turn on a busy machine does nothing for half a minute. */
const FAIL_OVER_MS = 60_000;

/** Asks the master that a Sentinel names for its role. */
async function roleBehind(address: RedisAddress): Promise<unknown> {
  const { link } = await openLink(address);
  try {
    assert.equal(link.redis.options.name, 'kiosk');
    const [role] = await link.ask((redis) => redis.role());
    return role;
  } finally {
    link.close();
  }
}

/** A master with a replica that has everything, and a Sentinel. */
async function withReplica(
  work: (parts: {
    readonly sentinel: Sentinel;
    readonly master: Redis;
    readonly replica: Redis;
    readonly masterPort: number;
    readonly stopMaster: () => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  // Without the option a replica waits for others before it gets anything.
  const first = await startRedis(undefined, ['--repl-diskless-sync-delay', '0']);
  const second = await startRedis();
  const [master, replica] = [first, second].map(({ port }) => {
    const redis = new Redis(port, '127.0.0.1');
    redis.on('error', () => undefined);
    return redis;
  });
  assert.ok(master && replica);
  await replica.replicaof('127.0.0.1', first.port);
  await until(async () => String((await replica.role())[3]) === 'connected');
  const sentinel = await startSentinel({ port: first.port });
  try {
    const stopMaster = (): Promise<void> => first.close();
    await until(() => knowsReplica(sentinel));
    await work({ sentinel, master, replica, masterPort: first.port, stopMaster });
  } finally {
    master.disconnect();
    replica.disconnect();
    await sentinel.close();
    await first.close();
    await second.close();
  }
}

async function knowsReplica({ port }: Sentinel): Promise<boolean> {
  const asking = new Redis(port, '127.0.0.1');
  try {
    const replicas = await asking.call('SENTINEL', 'REPLICAS', 'kiosk');
    return Array.isArray(replicas) && replicas.length > 0;
  } finally {
    asking.disconnect();
  }
}

test('finds the master that a Sentinel names', () =>
  withReplica(async ({ sentinel, replica }) => {
    assert.equal(await roleBehind(localRedis(sentinel.port)), 'master');
    assert.equal((await replica.role())[0], 'slave');
  }));

test('goes on with the new master after a fail-over, with exactly one entry of what was popped', () =>
  withReplica(async ({ sentinel, master, replica, stopMaster }) => {
    const opened = await openLink(localRedis(sentinel.port));
    const consumer = openConsumer(opened);
    try {
      await consumer.queue.register(never);
      await master.hset('image:1', { status: 'new' });
      await master.lpush('image', 'image:1');
      await until(async () => (await replica.llen('image')) === 1);
      // From here on the replica learns nothing: the pop and the claim are lost with the master.
      await replica.config('SET', 'masteruser', 'nobody');
      await replica.config('SET', 'masterauth', 'wrong');
      await master.call('CLIENT', 'KILL', 'TYPE', 'replica');
      await until(async () => String((await replica.role())[3]) !== 'connected');
      const key = await consumer.queue.pop(never);
      const claimed = await consumer.queue.open(key ?? '', { heldHere: false, alone: false });
      assert.ok(claimed.kind === 'opened');
      await stopMaster();
      const beaten = await patiently(() => consumer.queue.beat([claimed.claim]));
      assert.deepEqual(beaten.lost, []);
      assert.deepEqual(await replica.lrange('processing-image:pod-1', 0, -1), ['image:1']);
      assert.deepEqual(await replica.lrange('image', 0, -1), []);
      await replica.lpush('image', 'image:1');
      const again = await patiently(() => consumer.queue.pop(never));
      const heldHere = { heldHere: true, alone: false };
      const held = await patiently(() => consumer.queue.open(again ?? '', heldHere));
      assert.deepEqual(held, { kind: 'held', by: 'pod-1' });
      assert.deepEqual(await replica.lrange('processing-image:pod-1', 0, -1), ['image:1']);
      const settled = await patiently(() =>
        consumer.hashes.settle(claimed.claim, { status: 'done' }),
      );
      assert.equal(settled, 'written');
      assert.equal(await replica.exists('processing-image:pod-1'), 0);
    } finally {
      await consumer.queue.close();
      opened.link.close();
    }
  }));

test('logs in to a Sentinel and to its Redis with what each wants', async () => {
  const redis = await startRedis(undefined, ['--requirepass', 'redis-word']);
  const withWord = await startSentinel({ port: redis.port }, (port) => [
    `port ${port}`,
    'requirepass sentinel-word',
    'sentinel auth-pass kiosk redis-word',
  ]);
  const without = await startSentinel({ port: redis.port }, (port) => [
    `port ${port}`,
    'sentinel auth-pass kiosk redis-word',
  ]);
  try {
    const address = { ...localRedis(withWord.port), password: 'redis-word' };
    assert.equal(await roleBehind({ ...address, sentinelPassword: 'sentinel-word' }), 'master');
    await assert.rejects(roleBehind(address), { code: 'redis_auth' });
    assert.equal(await roleBehind({ ...address, port: without.port }), 'master');
  } finally {
    await without.close();
    await withWord.close();
    await redis.close();
  }
});

test('gives up a Sentinel that falls silent, and asks again', () =>
  withReplica(async ({ sentinel, stopMaster, replica }) => {
    const proxy = await TcpFaultProxy.start(sentinel.port);
    const { link } = await openLink(localRedis(proxy.port));
    const problems: string[] = [];
    link.redis.on('error', (error) => problems.push(translateRedisError(error, 'x').message));
    try {
      proxy.onNew = 'mute';
      proxy.freeze();
      await stopMaster();
      await until(() => problems.some((problem) => /sentinels are unreachable/.test(problem)));
      proxy.onNew = 'forward';
      await until(async () => (await replica.role())[0] === 'master', FAIL_OVER_MS);
      await until(() => link.redis.status === 'ready');
    } finally {
      link.close();
      await proxy.close();
    }
  }));

/** Asks again while Redis is away. */
async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const answers: Answer[] = [];
  await until(async () => {
    try {
      answers.push(await ask());
    } catch (error) {
      assert.ok(error instanceof KnownError && error.code === 'redis_unreachable', String(error));
    }
    return answers.length > 0;
  }, FAIL_OVER_MS);
  const [answer] = answers;
  assert.ok(answer !== undefined);
  return answer;
}
