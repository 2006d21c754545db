import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { freePort, startRedis } from '../../../scripts/start-redis.ts';
import {
  type RedisAddress,
  type RedisTls,
  dialRedis,
  promptAnswers,
} from '../../../src/adapters/redis/connect.ts';
import { translateRedisError } from '../../../src/adapters/redis/translate-error.ts';
import { systemClock as clock } from '../../../src/adapters/system-clock.ts';
import { until } from '../../harness/until.ts';
import { TcpFaultProxy } from '../../proxies/tcp-fault-proxy.ts';
import { localRedis } from './redis-world.ts';
import { pem, startTlsRedis } from './tls-redis.ts';

/** What PING answers at an address, or the first error instead. */
async function ping(address: RedisAddress): Promise<string> {
  const control = new AbortController();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const onProblem = (error: Error): void => {
    control.abort(error);
    reject(error);
  };
  const work = async (): Promise<string> => {
    const dial = await dialRedis(address, { clock, signal: control.signal, onProblem });
    const redis = dial(promptAnswers());
    redis.on('error', (error) => onProblem(translateRedisError(error, 'redis')));
    try {
      await Promise.race([once(redis, 'ready'), failed]);
      return await redis.ping();
    } finally {
      redis.disconnect();
    }
  };
  return Promise.race([work(), failed]);
}

async function pingTls(asksForCertificates: boolean, tls: RedisTls | undefined): Promise<string> {
  const server = await startTlsRedis(asksForCertificates);
  try {
    return await ping({ ...localRedis(server.port), host: 'localhost', tls });
  } finally {
    await server.close();
  }
}

test('speaks TLS with a private authority', async () => {
  assert.equal(await pingTls(false, { ca: pem('ca.cert.pem') }), 'PONG');
});

test('shows a certificate of its own to a Redis that asks for one', async () => {
  const ca = pem('ca.cert.pem');
  const cert = pem('client.cert.pem');
  assert.equal(await pingTls(true, { ca, cert, key: pem('client.key.pem') }), 'PONG');
  await assert.rejects(pingTls(true, { ca }), { code: 'redis_unreachable' });
});

test('says that the authority is not known', () =>
  assert.rejects(pingTls(false, {}), { code: 'redis_unreachable', message: /REDIS_CA_FILE/ }));

test('says that TLS is spoken on one side only', async () => {
  const plain = await startRedis();
  try {
    await assert.rejects(ping({ ...localRedis(plain.port), tls: {} }), {
      code: 'redis_unreachable',
    });
  } finally {
    await plain.close();
  }
  await assert.rejects(pingTls(false, undefined), { code: 'redis_unreachable' });
});

test('refuses a wrong password, and says that one is missing', async () => {
  const server = await startRedis(undefined, ['--requirepass', 'secret']);
  try {
    const address = localRedis(server.port);
    assert.equal(await ping({ ...address, password: 'secret' }), 'PONG');
    await assert.rejects(ping({ ...address, password: 'wrong' }), { code: 'redis_auth' });
    await assert.rejects(ping(address), { code: 'redis_auth', message: /NOAUTH/ });
  } finally {
    await server.close();
  }
});

test('uses a user of its own', async () => {
  const server = await startRedis(undefined, ['--user', 'me', 'on', '>word', '~*', '+@all']);
  try {
    const address = { ...localRedis(server.port), username: 'me' };
    assert.equal(await ping({ ...address, password: 'word' }), 'PONG');
    await assert.rejects(ping({ ...address, password: 'other' }), { code: 'redis_auth' });
  } finally {
    await server.close();
  }
});

test('waits for a Redis that is not there yet, and says so each round', async () => {
  const port = await freePort();
  const problems: string[] = [];
  const signal = new AbortController().signal;
  const onProblem = ({ message }: Error): void => void problems.push(message);
  const dialled = dialRedis(localRedis(port), { clock, signal, onProblem });
  await until(() => problems.length > 1);
  assert.match(problems[0] ?? '', /ECONNREFUSED/);
  const server = await startRedis(port);
  try {
    await dialled;
  } finally {
    await server.close();
  }
});

test('gives up a peer that takes the connection and says nothing', async () => {
  const proxy = await TcpFaultProxy.start(await freePort());
  proxy.onNew = 'mute';
  try {
    await assert.rejects(ping(localRedis(proxy.port)), { code: 'redis_unreachable' });
  } finally {
    await proxy.close();
  }
});
