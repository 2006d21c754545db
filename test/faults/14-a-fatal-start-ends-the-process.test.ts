import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { Redis } from 'ioredis';
import { type LocalRedis, startRedis } from '../../scripts/start-redis.ts';
import { CommandProcess } from '../commands/command-process.ts';
import { fairSeconds } from '../harness/processes/fair-seconds.ts';

/** Whose port is taken. */
const neighbour = createServer();
let open: LocalRedis;
let locked: LocalRedis;

before(async () => {
  neighbour.listen(0, '127.0.0.1');
  await once(neighbour, 'listening');
  [open, locked] = await Promise.all([startRedis(), startRedis()]);
  const redis = new Redis(locked.port, '127.0.0.1');
  await redis.config('SET', 'requirepass', 'x');
  redis.disconnect();
});

after(async () => {
  neighbour.close();
  await Promise.all([open.close(), locked.close()]);
});

const portOfNeighbour = (): string => String((neighbour.address() as AddressInfo).port);

/** What fails at each step of the start, in the order of the steps. */
const STEPS: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
  'the HTTP port is taken': () => ({ HTTP_PORT: portOfNeighbour() }),
  'the bucket cannot be opened': () => ({ STORAGE_BUCKET: 'azure://images' }),
  'Redis refuses the password': () => ({ REDIS_PORT: String(locked.port), REDIS_PASSWORD: 'y' }),
  'the certificate authorities of the model server cannot be read': () => ({
    MODEL_SERVER_TLS: 'true',
    MODEL_SERVER_CA_FILE: '/nowhere/ca.pem',
  }),
};

for (const [step, environment] of Object.entries(STEPS)) {
  test(`when ${step}, the process says so and is gone within two seconds`, async () => {
    const consumer = new CommandProcess(['run'], {
      environment: {
        REDIS_HOST: '127.0.0.1',
        REDIS_PORT: String(open.port),
        STORAGE_BUCKET: 'file:///tmp',
        HTTP_HOST: '127.0.0.1',
        HTTP_PORT: '0',
        ...environment(),
      },
    });
    await consumer.says(/"level":"fatal"/);
    const watchdog = setTimeout(() => consumer.kill(), 30_000);
    const seconds = await fairSeconds(consumer.pid, async () => {
      const { code } = await consumer.ended();
      assert.equal(code, 1, consumer.said);
    });
    clearTimeout(watchdog);
    assert.ok(seconds < 2, `${seconds} s`);
  });
}
