import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Redis } from 'ioredis';
import { CommandProcess } from './command-process.ts';
import { runCommand } from './run-command.ts';
import {
  type RedisWithClient,
  startRedisWithClient,
} from '../harness/processes/redis-with-client.ts';

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
  await redis.hset('mesmer:old.tif:1', {
    status: 'predicting',
    created_at: '2024-01-01T00:00:00Z',
  });
  await redis.hset('mesmer:new.tif:2', { status: 'new', created_at: '2024-01-02T00:00:00.000Z' });
  await redis.hset('mesmer:a.tif:3', {
    status: 'failed',
    reason: 'x',
    error_code: 'image_too_large',
  });
  await redis.hset('mesmer:b.tif:4', {
    status: 'failed',
    reason: 'x',
    error_code: 'image_too_large',
  });
  await redis.hset('mesmer:c.tif:5', { status: 'failed', reason: 'Traceback …\nValueError: no' });
  await redis.hset('mesmer:d.tif:6', { status: 'done', created_at: '2023-01-01T00:00:00Z' });
  await redis.hset('NuclearSegmentation:6', { metadata: '{}' });
  await redis.lpush('mesmer', 'mesmer:new.tif:2');
  await redis.lpush('processing-mesmer:pod-1', 'mesmer:old.tif:1');
});

function status(...words: string[]): ReturnType<typeof runCommand> {
  const environment = { REDIS_HOST: '127.0.0.1', REDIS_PORT: String(server.port) };
  return runCommand(['status', ...words], environment);
}

test('without keys: depth, consumers, the oldest job that has not ended, failures by code', async () => {
  const { code, stdout } = await status('--json');
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), [
    {
      queue: 'mesmer',
      waiting: 1,
      consumers: [{ name: 'pod-1', jobs: 1 }],
      announced: 0,
      oldest: { key: 'mesmer:old.tif:1', createdAt: '2024-01-01T00:00:00Z' },
      parked: null,
      failed: [
        { code: 'image_too_large', jobs: 2 },
        { code: 'unknown', jobs: 1 },
      ],
    },
  ]);
});

test('for people: a line each', async () => {
  const { stdout } = await status();
  assert.match(
    stdout.replaceAll(/ +/g, ' '),
    /^mesmer\n waiting 1\n in work 1\n pod-1 1\n consumers none has announced itself\n oldest job \d+ d: mesmer:old\.tif:1\n failed: image_too_large 2\n what to do Crop the image, or raise the settings named in the message\.\n failed: unknown 1\n$/,
  );
});

test('jobs that wait for their children are told with how many are open', async () => {
  await redis.hset('mesmer:old.tif:1', {
    parked: 'processing-mesmer:pod-1',
    'children:total': 40,
    'children:done': 7,
    'children:failed': 3,
  });
  const { stdout } = await status('--queue', 'mesmer', '--json');
  const [{ parked } = { parked: undefined }] = JSON.parse(stdout) as { parked: unknown }[];
  const oldest = { key: 'mesmer:old.tif:1', createdAt: '2024-01-01T00:00:00Z' };
  assert.deepEqual(parked, { jobs: 1, openChildren: 30, oldest });
  const words = await status('--queue', 'mesmer');
  assert.match(
    words.stdout,
    /of these parked +1, waiting for 30 children; oldest \d+ d: mesmer:old/,
  );
});

test('--queue shows one queue, an empty one too', async () => {
  const { stdout } = await status('--queue', 'spot', '--json');
  assert.deepEqual(JSON.parse(stdout), [
    {
      queue: 'spot',
      waiting: 0,
      consumers: [],
      announced: 0,
      oldest: null,
      parked: null,
      failed: [],
    },
  ]);
});

test('with keys: their fields, the telling ones first; exit code 1 if one does not exist', async () => {
  const known = await status('mesmer:a.tif:3');
  assert.equal(known.code, 0);
  assert.equal(
    known.stdout,
    'mesmer:a.tif:3\n  status      failed\n  error_code  image_too_large\n  reason      x\n' +
      '  what to do  Crop the image, or raise the settings named in the message.\n',
  );
  const unknown = await status('mesmer:d.tif:6', 'mesmer:z.tif:9', '--json');
  assert.equal(unknown.code, 1);
  assert.deepEqual(JSON.parse(unknown.stdout), [
    { key: 'mesmer:d.tif:6', fields: { status: 'done', created_at: '2023-01-01T00:00:00Z' } },
    { key: 'mesmer:z.tif:9', fields: null },
  ]);
});

test('a Redis that does not answer is told at once, with the variables that name it', async () => {
  const environment = { REDIS_HOST: '127.0.0.1', REDIS_PORT: '1' };
  const command = new CommandProcess(['status'], { environment });
  await command.says(
    /ECONNREFUSED 127\.0\.0\.1:1 \(REDIS_HOST and REDIS_PORT say 127\.0\.0\.1:1\)\. Trying for \d+ s\./,
  );
  command.kill();
  await command.ended();
});
