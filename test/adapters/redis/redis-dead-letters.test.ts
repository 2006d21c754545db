import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RedisDeadLetters } from '../../../src/adapters/redis/redis-dead-letters.ts';
import { localRedis, openConsumer, openLink } from './redis-world.ts';
import { startRedisWithClient } from '../../harness/processes/redis-with-client.ts';

test('keeps a thousand dead letters of a queue, then drops the oldest', async () => {
  const server = await startRedisWithClient();
  const redis = server.client;
  const opened = await openLink(localRedis(server.port));
  const consumer = openConsumer(opened);
  try {
    const filling = redis.pipeline();
    for (let n = 0; n < 1000; n++) {
      filling.zadd('kiosk:dead-letters:image', n, `image:${n}`);
      filling.hset(`kiosk:dead-letter:image:image:${n}`, { status: 'failed' });
    }
    await filling.exec();
    for (const n of [1000, 1001]) {
      const key = `image:${n}`;
      await redis.hset(key, { status: 'new', long: 'x'.repeat(70_000) });
      await redis.lpush('processing-image:pod-1', key);
      const found = await consumer.queue.open(key, { heldHere: false, alone: false });
      assert.ok(found.kind === 'opened');
      await consumer.hashes.bury(found.claim, { status: 'failed', reason: `${n}` });
    }
    const letters = await new RedisDeadLetters(opened.link).list('image');
    assert.equal(letters.length, 1000);
    assert.deepEqual([letters[0]?.key, letters.at(-1)?.key], ['image:2', 'image:1001']);
    const copies = await redis.keys('kiosk:dead-letter:image:*');
    assert.equal(copies.length, 1000);
    assert.equal(await redis.hexists('kiosk:dead-letter:image:image:1001', 'long'), 0);
  } finally {
    await consumer.queue.close();
    opened.link.close();
    await server.close();
  }
});
