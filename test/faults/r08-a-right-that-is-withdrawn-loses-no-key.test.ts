import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startRedis } from '../../scripts/start-redis.ts';
import { localRedis, openConsumer, openLink } from '../adapters/redis/redis-world.ts';

const never = new AbortController().signal;
const KEY = 'image:1';

for (const command of ['hmget', 'hset', 'hkeys', 'lrem', 'lpush', 'sadd', 'type']) {
  test(`R8: a key is in a list still when ${command} is forbidden between its pop and its claim`, async (t) => {
    const server = await startRedis();
    t.after(() => server.close());
    const opened = await openLink(localRedis(server.port));
    const { link } = opened;
    t.after(() => link.close());
    const { queue } = openConsumer(opened);
    t.after(() => queue.close());
    await queue.register(never);
    await link.redis.hset(KEY, { status: 'new', input_file_name: 'a.tif' });
    await link.redis.lpush('image', KEY);
    await queue.pop(never);
    await link.redis.call('ACL', 'SETUSER', 'default', `-${command}`);
    const opening = { heldHere: false, alone: false };
    await queue.open(KEY, opening).catch(() => undefined);
    await link.redis.call('ACL', 'SETUSER', 'default', `+${command}`);
    await queue.recoverOwn([]);
    const lists = await Promise.all(
      ['image', 'processing-image:pod-1'].map((list) => link.redis.lrange(list, 0, -1)),
    );
    assert.deepEqual(lists.flat(), [KEY]);
  });
}
