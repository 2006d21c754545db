import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { startRedis } from '../../../scripts/start-redis.ts';
import { NEEDED_COMMANDS, checkServer } from '../../../src/adapters/redis/check-server.ts';
import type { RedisLink } from '../../../src/adapters/redis/redis-link.ts';
import { localRedis, openLink } from './redis-world.ts';

async function check(options: readonly string[]): Promise<void> {
  const server = await startRedis(undefined, options);
  try {
    const { link } = await openLink(localRedis(server.port));
    try {
      await checkServer(link);
    } finally {
      link.close();
    }
  } finally {
    await server.close();
  }
}

test('accepts a Redis of its own', () => check([]));

test('refuses a Redis in cluster mode, even of one node', () =>
  assert.rejects(check(['--cluster-enabled', 'yes']), {
    code: 'redis_unsupported',
    message: /runs in cluster mode/,
  }));

test('refuses a Redis without a command, as managed services have it', () =>
  assert.rejects(check(['--rename-command', 'BRPOPLPUSH', '', '--rename-command', 'EVALSHA', '']), {
    code: 'redis_unsupported',
    message: /has no EVALSHA, BRPOPLPUSH\.$/,
  }));

test('refuses a Redis that is too old', async () => {
  // No such server can be had here: its words, recorded from the documentation of INFO.
  const info = async (): Promise<string> =>
    '# Server\r\nredis_version:4.0.14\r\nredis_mode:standalone\r\n';
  const old = { ask: info, address: 'redis:6379' };
  await assert.rejects(checkServer(old as unknown as RedisLink), {
    code: 'redis_unsupported',
    message: /is version 4\.0\.14; version 5 or newer is needed/,
  });
});

/** Scripts do without them where they are refused. */
const OPTIONAL = ['memory'];

test('names every command that a script needs', () => {
  const scripts = globSync('src/adapters/redis/scripts/**/*.lua').map((file) =>
    readFileSync(file, 'utf8'),
  );
  const used = scripts.flatMap((script) => [...script.matchAll(/redis\.p?call\(\s*'([A-Z]+)'/g)]);
  const names = new Set(used.map(([, name = '']) => name.toLowerCase()));
  assert.ok(names.size > 20, `${names.size}`);
  const needed = new Set([...NEEDED_COMMANDS, ...OPTIONAL]);
  assert.deepEqual(
    [...names].filter((name) => !needed.has(name)),
    [],
  );
});
