import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CORE_SETTINGS } from '../../../src/config/core-settings.ts';
import { loadSettings } from '../../../src/config/load.ts';
import { openPorts } from '../../../src/consumer/open/open-ports.ts';
import { startRedisWithClient } from '../../harness/processes/redis-with-client.ts';

const IGNORED = {
  warn: () => {},
  onRedisProblem: () => {},
  onPredict: () => {},
  onKernel: () => {},
};

test('what was opened is closed when a later step throws', async () => {
  const server = await startRedisWithClient();
  const redis = server.client;
  const { values: core } = loadSettings(CORE_SETTINGS, {
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(server.port),
    STORAGE_BUCKET: 'file:///tmp',
    MODEL_SERVER_TLS: 'true',
    MODEL_SERVER_CA_FILE: '/nowhere/ca.pem',
  });
  const signal = AbortSignal.timeout(10_000);
  const budget = { scratch: 0, outputs: 0, ownKernel: 0 };
  const named = { queues: ['q'], hostName: 'h', ownKernels: [], isShort: () => false };
  const opening = { core, ...named, signal, threads: 1, budget, ...IGNORED };
  const open = new AsyncDisposableStack();
  await assert.rejects(openPorts(opening, open), /ca\.pem/);
  await open.disposeAsync();
  const deadline = performance.now() + 5000;
  const connections = async (): Promise<number> =>
    String(await redis.client('LIST'))
      .trim()
      .split('\n').length;
  while ((await connections()) > 1) assert.ok(performance.now() < deadline);
  await server.close();
});
