import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Redis } from 'ioredis';
import { freePort, startRedis } from '../../scripts/start-redis.ts';
import { NEEDED_COMMANDS } from '../../src/adapters/redis/check-server.ts';
import { type BuiltInModels, builtInModels } from '../../src/stand-in-server/built-in-models.ts';
import {
  type LocalModelServer,
  startModelServer,
} from '../../src/stand-in-server/start-model-server.ts';
import { runCommand } from './run-command.ts';
import {
  type RedisWithClient,
  startRedisWithClient,
} from '../harness/processes/redis-with-client.ts';

let server: RedisWithClient;
let redis: Redis;
let builtIn: BuiltInModels;
let models: LocalModelServer;
let folder: string;

before(async () => {
  server = await startRedisWithClient();
  redis = server.client;
  builtIn = builtInModels({ threads: 1 });
  models = await startModelServer({ models: builtIn.models });
  folder = await mkdtemp(join(tmpdir(), 'kiosk-doctor-'));
  await mkdir(join(folder, 'bucket'));
});
after(async () => {
  models.close();
  await Promise.all([server.close(), builtIn.close(), rm(folder, { recursive: true })]);
});
beforeEach(() => redis.flushall());

/** What doctor says about a consumer for `mesmer`, but for what is given. */
async function examine(
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly lines: string[] }> {
  const { code, stdout } = await runCommand(['doctor', '--timeout', '3'], {
    CONSUMER_TYPE: 'mesmer',
    QUEUE: 'mesmer',
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(server.port),
    REDIS_TIMEOUT: '0.2',
    TF_HOST: '127.0.0.1',
    TF_PORT: String(models.port),
    STORAGE_BUCKET: pathToFileURL(join(folder, 'bucket')).href,
    ...environment,
  });
  return { code, lines: stdout.trimEnd().split('\n') };
}

/** What is wrong, without what is well and what to do. */
function wrong(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith('✗'));
}

function assertMatchesAll(lines: readonly string[], patterns: readonly RegExp[]): void {
  assert.equal(lines.length, patterns.length, lines.join('\n'));
  for (const [index, pattern] of patterns.entries()) assert.match(lines[index] ?? '', pattern);
}

test('a set-up that works: every line is ✓, nothing stays behind, the exit code is 0', async () => {
  const { code, lines } = await examine();
  assertMatchesAll(lines, [
    /^✓ Settings: workflow mesmer, queue mesmer$/,
    /^✓ Redis: at 127\.0\.0\.1:\d+$/,
    /^✓ Redis role: master$/,
    /^✓ Redis eviction: noeviction$/,
    /^✓ Redis round trip: \d+\.\d\d ms$/,
    /^✓ Clock: 0\.\d\d s (behind|ahead of) Redis$/,
    /^✓ Redis commands: /,
    /^✓ Bucket: file:.*can be written, read and deleted from$/,
    /^✓ Model server: tfserving at 127\.0\.0\.1:\d+$/,
    /^✓ Model MultiplexSegmentation:9: takes input \(256 × 256 × 2\); gives semantic_0, .*; one tile took \d+ ms$/,
    /^$/,
    /^All is well\.$/,
  ]);
  assert.equal(code, 0);
  assert.deepEqual(await readdir(join(folder, 'bucket', 'output')), []);
  assert.deepEqual(await redis.keys('*'), []);
});

test('a folder that is not there yet is tried, remarked and not left behind', async () => {
  const bucket = join(folder, 'mistyped', 'bucket');
  const { code, lines } = await examine({ STORAGE_BUCKET: pathToFileURL(bucket).href });
  const line = lines.find((one) => one.includes('Bucket'));
  assert.match(
    line ?? '',
    /^✓ Bucket: .+ deleted from; There is no folder .+ yet: the first file /,
  );
  assert.equal(code, 0);
  assert.ok(!(await readdir(folder)).includes('mistyped'));
});

test('a Redis that throws keys away and forbids commands, and a bucket that is a file', async () => {
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await redis.call('ACL', 'SETUSER', 'weak', 'on', '>word', '~*', '+@all', '-eval', '-expire');
  await writeFile(join(folder, 'file'), '');
  const { code, lines } = await examine({
    REDIS_USERNAME: 'weak',
    REDIS_PASSWORD: 'word',
    STORAGE_BUCKET: pathToFileURL(join(folder, 'file')).href,
  });
  await redis.config('SET', 'maxmemory-policy', 'noeviction');
  assert.equal(code, 1);
  assertMatchesAll(wrong(lines), [
    /^✗ Redis eviction: maxmemory-policy is "allkeys-lru"/,
    /^✗ Redis commands: this user may not use EVAL, EXPIRE$/,
    /^✗ Bucket: The folder file:\S+ \(STORAGE_BUCKET\) cannot be created: a file has this name\.$/,
  ]);
  assert.match(lines.join('\n'), /To do: Run CONFIG SET maxmemory-policy noeviction/);
});

test('a user who may use every command, but not every key', async () => {
  await redis.call('ACL', 'SETUSER', 'narrow', 'on', '>word', '+@all', '~mesmer*');
  const { lines } = await examine({ REDIS_USERNAME: 'narrow', REDIS_PASSWORD: 'word' });
  assertMatchesAll(wrong(lines), [
    /^✗ Redis commands: this user may not use the keys processing-mesmer:\*, the keys kiosk:\*$/,
  ]);
});

test('a user who may use what docs/REDIS.md lists, and no more', async () => {
  const [line = ''] = /^ACL SETUSER .*$/m.exec(readFileSync('docs/REDIS.md', 'utf8')) ?? [];
  const words = line.split(' ');
  const allowed = words.filter((word) => word.startsWith('+')).map((word) => word.slice(1));
  assert.deepEqual(allowed, NEEDED_COMMANDS);
  await redis.call('ACL', ...words.slice(1));
  const { code, lines } = await examine({
    REDIS_USERNAME: words[2] ?? '',
    REDIS_PASSWORD: 'PASSWORD',
  });
  assert.deepEqual(wrong(lines), []);
  assert.equal(code, 0);
});

test('a Redis in cluster mode', async () => {
  const cluster = await startRedis(undefined, ['--cluster-enabled', 'yes']);
  try {
    const { code, lines } = await examine({ REDIS_PORT: String(cluster.port) });
    assert.equal(code, 1);
    assertMatchesAll(wrong(lines), [/^✗ Redis: Redis at .* runs in cluster mode; use one without/]);
  } finally {
    await cluster.close();
  }
});

test('a replica, and a model server that lacks the model', async () => {
  const replica = await startRedisWithClient();
  const toReplica = replica.client;
  await toReplica.replicaof('127.0.0.1', server.port);
  try {
    const { code, lines } = await examine({
      REDIS_PORT: String(replica.port),
      MESMER_MODEL: 'MultiplexSegmentation:77',
    });
    assert.equal(code, 1);
    assertMatchesAll(wrong(lines), [
      /^✗ Redis role: this Redis is a slave, which takes no writes$/,
      /^✗ Model MultiplexSegmentation:77: .*MultiplexSegmentation/,
    ]);
    assert.match(lines.join('\n'), /To do: Set REDIS_HOST to the master, or .* to a Sentinel/);
  } finally {
    await replica.close();
  }
});

test('nobody at the ports of Redis and of the model server', async () => {
  const nobody = String(await freePort());
  const { code, lines } = await examine({ REDIS_PORT: nobody, TF_PORT: nobody });
  assert.equal(code, 1);
  assertMatchesAll(wrong(lines), [
    new RegExp(
      `^✗ Redis: Redis at .* cannot be used now: connect ECONNREFUSED 127\\.0\\.0\\.1:${nobody} ` +
        `\\(REDIS_HOST and REDIS_PORT say 127\\.0\\.0\\.1:${nobody}\\)\\.$`,
    ),
    /^✗ Model server: No model server answers: 127\.0\.0\.1:\d+ refused the connection\.$/,
  ]);
  assert.equal(lines.at(-1), '2 wrong.');
});

test('a model that jobs cannot use is refused in the words that a job would get', async (context) => {
  const mesmer = builtIn.models.find(({ name }) => name === 'MultiplexSegmentation');
  assert.ok(mesmer);
  const classes = { name: 'classes', type: 'other', typeName: 'DT_STRING', shape: [-1] } as const;
  const odd = [
    { ...mesmer, outputs: [classes, ...mesmer.outputs] },
    { ...mesmer, version: 10, outputs: mesmer.outputs.slice(0, 2) },
    { ...mesmer, version: 11, inputs: [{ name: 'input', type: 'float32', shape: [256, 256, 2] }] },
  ] as const;
  const others = await startModelServer({ models: odd });
  context.after(() => others.close());
  const refused = async (version: number): Promise<string> => {
    const { lines } = await examine({
      TF_PORT: String(others.port),
      MESMER_MODEL: `MultiplexSegmentation:${version}`,
    });
    return wrong(lines).join('\n');
  };
  assert.match(
    await refused(9),
    /9: Output classes of MultiplexSegmentation:9 has the type DT_STR/,
  );
  assert.match(await refused(10), /10: output_list was length 2, expecting length 4$/);
  assert.match(await refused(11), /11: Input data must have 3 dimensions. Input data only has 4/);
});

test('each wrong setting has its line, and the rest is looked at all the same', async () => {
  const { code, lines } = await examine({ CONSUMER_TYPE: 'mesmerr', JOBS_IN_FLIGHT: 'many' });
  assert.equal(code, 1);
  assertMatchesAll(wrong(lines), [
    /^✗ Settings: JOBS_IN_FLIGHT is "many", but must be/,
    /^✗ Settings: CONSUMER_TYPE is "mesmerr", but must be one of/,
  ]);
  assert.match(lines.join('\n'), /^✓ Bucket: /m);
});
