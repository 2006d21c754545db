import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localRedis, openLink } from '../adapters/redis/redis-world.ts';
import { fixture, pem, startTlsRedis } from '../adapters/redis/tls-redis.ts';
import { startSentinel } from '../harness/processes/sentinel.ts';

test('speaks TLS with the Sentinel and with the Redis behind it', async () => {
  const redis = await startTlsRedis();
  const sentinel = await startSentinel({ host: 'localhost', port: redis.port }, (port) => [
    'port 0',
    `tls-port ${port}`,
    'tls-replication yes',
    'tls-auth-clients no',
    `tls-cert-file "${fixture('server.cert.pem')}"`,
    `tls-key-file "${fixture('server.key.pem')}"`,
    `tls-ca-cert-file "${fixture('ca.cert.pem')}"`,
    'sentinel announce-hostnames yes',
  ]);
  try {
    const tls = { ca: pem('ca.cert.pem') };
    const address = { ...localRedis(sentinel.port), host: 'localhost', tls };
    const { link } = await openLink(address);
    try {
      assert.equal(link.redis.options.name, 'kiosk');
      const [role] = await link.ask((asked) => asked.role());
      assert.equal(role, 'master');
    } finally {
      link.close();
    }
  } finally {
    await sentinel.close();
    await redis.close();
  }
});
