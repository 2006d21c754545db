import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { freePort, redisProgram, startRedis } from '../../../scripts/start-redis.ts';
import { dialRedis } from '../../../src/adapters/redis/connect.ts';
import { systemClock as clock } from '../../../src/adapters/system-clock.ts';

const signal = new AbortController().signal;

interface Sentinel {
  readonly port: number;
  close(): Promise<void>;
}

async function startSentinel(masterPort: number): Promise<Sentinel> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'kiosk-sentinel-'));
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `sentinel monitor kiosk 127.0.0.1 ${masterPort} 1`,
    'sentinel down-after-milliseconds kiosk 500',
    'sentinel failover-timeout kiosk 2000',
  ];
  await writeFile(join(folder, 'sentinel.conf'), settings.join('\n'));
  const process = spawn(redisProgram(), [join(folder, 'sentinel.conf'), '--sentinel'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(process.stdout, 'data');
  return {
    port,
    async close() {
      process.kill();
      await once(process, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + 90_000; !(await holds());) {
    assert.ok(performance.now() < deadline, 'it did not happen in time');
    await clock.sleep(50);
  }
}

test('a Sentinel is told from a Redis, and its master is used, not the replica', async () => {
  const [master, replica] = [await startRedis(), await startRedis()];
  const second = new Redis(replica.port, '127.0.0.1');
  await second.replicaof('127.0.0.1', master.port);
  const sentinel = await startSentinel(master.port);
  const address = {
    host: '127.0.0.1',
    port: sentinel.port,
    username: '',
    password: '',
    sentinelUsername: '',
    sentinelPassword: '',
    tls: undefined,
  };
  const dial = await dialRedis(
    { ...address, reconnectMs: 200 },
    { clock, signal, onProblem: () => {} },
  );
  const redis = dial();
  redis.on('error', () => {});
  try {
    await redis.set('written', 'before');
    assert.equal(redis.options.name, 'kiosk');
    await until(async () => (await second.get('written')) === 'before');
  } finally {
    redis.disconnect();
    second.disconnect();
    await sentinel.close();
    await replica.close();
    await master.close();
  }
});
