import { after, before, beforeEach } from 'node:test';
import type { Redis } from 'ioredis';
import type { RedisLink } from '../../../src/adapters/redis/redis-link.ts';
import { loadScript } from '../../../src/adapters/redis/scripts/load-script.ts';
import { TcpFaultProxy } from '../../proxies/tcp-fault-proxy.ts';
import { localRedis, openLink } from './redis-world.ts';
import {
  type RedisWithClient,
  startRedisWithClient,
} from '../../harness/processes/redis-with-client.ts';

const SUBMIT = loadScript('submit');

interface RedisBehindProxy {
  /** A client of its own, which does not go through the proxy. */
  readonly redis: () => Redis;
  /** Does something with a link over a proxy that can be made to misbehave. */
  readonly withLink: (
    work: (link: RedisLink, proxy: TcpFaultProxy) => Promise<void>,
  ) => Promise<void>;
}

/** A Redis for the tests of a file, empty before each of them. */
export function redisBehindProxy(): RedisBehindProxy {
  let server: RedisWithClient;
  let redis: Redis;
  before(async () => {
    server = await startRedisWithClient();
    redis = server.client;
  });
  beforeEach(() => redis.flushall());
  after(async () => {
    await server.close();
  });
  return {
    redis: () => redis,
    withLink: async (work) => {
      const proxy = await TcpFaultProxy.start(server.port);
      const { link } = await openLink(localRedis(proxy.port));
      try {
        await work(link, proxy);
      } finally {
        link.close();
        await proxy.close();
      }
    },
  };
}

/** Submits a job; 1 if it is new. */
export function submitOver(link: RedisLink, key: string): Promise<unknown> {
  return link.run(SUBMIT, [key, 'image'], ['status', 'new']);
}
