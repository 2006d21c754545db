import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Redis } from 'ioredis';
import { type LocalRedis, startRedis } from '../../scripts/start-redis.ts';
import { CommandProcess } from '../commands/command-process.ts';

const WRONG_PASSWORD = 's3cr3t-pass';
let server: LocalRedis;

before(async () => {
  server = await startRedis();
  const redis = new Redis(server.port, '127.0.0.1');
  await redis.config('SET', 'requirepass', 'the right one');
  redis.disconnect();
});

after(() => server.close());

for (const format of ['json', 'human']) {
  for (const username of ['', 'kiosk']) {
    test(`a wrong password of Redis is not logged (${format}, user "${username}")`, async () => {
      const { code, stdout, stderr } = await CommandProcess.run(['run'], {
        REDIS_HOST: '127.0.0.1',
        REDIS_PORT: String(server.port),
        REDIS_USERNAME: username,
        REDIS_PASSWORD: WRONG_PASSWORD,
        STORAGE_BUCKET: 'file:///tmp',
        HTTP_HOST: '127.0.0.1',
        HTTP_PORT: '0',
        LOG_FORMAT: format,
        LOG_LEVEL: 'DEBUG',
      });
      assert.equal(code, 1, stdout + stderr);
      assert.match(stdout, /Stopped: /);
      assert.ok(!(stdout + stderr).includes(WRONG_PASSWORD), stdout + stderr);
    });
  }
}
