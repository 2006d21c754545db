import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Redis } from 'ioredis';
import { runCommand } from './run-command.ts';
import {
  type RedisWithClient,
  startRedisWithClient,
} from '../harness/processes/redis-with-client.ts';

const FIRST = 'image:a.tif:1';
const SECOND = 'image:b.tif:2';
const OTHER = 'mesmer:c.tif:3';

let server: RedisWithClient;
let redis: Redis;

before(async () => {
  server = await startRedisWithClient();
  redis = server.client;
});
after(async () => {
  await server.close();
});
beforeEach(async () => {
  await redis.flushall();
  await give('image', FIRST, 1);
  await give('image', SECOND, 2);
  await give('mesmer', OTHER, 3);
});

async function give(queue: string, key: string, at: number): Promise<void> {
  const fields = { status: 'failed', reason: 'It crashed.', error_code: 'crashed_worker' };
  await redis.hset(key, fields);
  await redis.hset(`kiosk:dead-letter:${queue}:${key}`, { ...fields, scale: '2' });
  await redis.zadd(`kiosk:dead-letters:${queue}`, String(at), key);
}

function letters(...words: string[]): ReturnType<typeof runCommand> {
  const environment = { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(server.port) };
  return runCommand(['dead-letters', ...words], environment);
}

test('list shows all queues, or one', async () => {
  const all = await letters('list');
  assert.equal(all.code, 0, all.stderr);
  assert.match(
    all.stdout,
    /^queue +since +key +reason\nimage +1970-.*image:a\.tif:1 +It crashed\.\n/,
  );
  const one = await letters('list', '--queue', 'mesmer', '--json');
  const found = JSON.parse(one.stdout) as { readonly queue: string; readonly key: string }[];
  assert.deepEqual(
    found.map(({ queue, key }) => [queue, key]),
    [['mesmer', OTHER]],
  );
});

test('inspect shows the job as it was, also when its hash has expired', async () => {
  await redis.del(FIRST);
  const { code, stdout } = await letters('inspect', FIRST);
  assert.equal(code, 0);
  assert.match(stdout, /image:a\.tif:1\n +status +failed\n[^]*scale +2\n/);
});

test('redrive puts jobs back as new ones, and only those', async () => {
  const { code, stdout } = await letters('redrive', FIRST);
  assert.deepEqual([code, stdout], [0, `${FIRST} is back in image.\n`]);
  assert.deepEqual(await redis.lrange('image', 0, -1), [FIRST]);
  assert.equal(await redis.hget(FIRST, 'status'), 'new');
  assert.deepEqual(await redis.zrange('kiosk:dead-letters:image', '0', '-1'), [SECOND]);
});

test('drop --all forgets those of a queue; the hashes stay', async () => {
  const { code } = await letters('drop', '--all', '--queue', 'image');
  assert.equal(code, 0);
  assert.deepEqual(await redis.keys('kiosk:dead-letter*image*'), []);
  assert.equal(await redis.hget(SECOND, 'status'), 'failed');
  assert.equal(await redis.zcard('kiosk:dead-letters:mesmer'), 1);
});

test('what is no dead letter, and what is not said, is told', async () => {
  for (const [words, message] of [
    [['redrive', 'image:none'], /^image:none is no dead letter\.\n$/],
    [['redrive'], /dead-letters redrive needs a KEY or --all\./],
    [['redrive', FIRST, '--all'], /Give keys or --all, not both\./],
    [['redrvie', FIRST], /cannot "redrvie".*Did you mean redrive\?/],
  ] as const) {
    const { code, stderr } = await letters(...words);
    assert.notEqual(code, 0);
    assert.match(stderr, message);
  }
});
