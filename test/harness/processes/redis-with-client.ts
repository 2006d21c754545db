import { Redis } from 'ioredis';
import { type LocalRedis, startRedis } from '../../../scripts/start-redis.ts';

/** A Redis of its own, and a client that sees what is in it. */
export interface RedisWithClient extends LocalRedis {
  readonly client: Redis;
}

/** Starts both; `close` ends both. */
export async function startRedisWithClient(): Promise<RedisWithClient> {
  const server = await startRedis();
  const client = new Redis(server.port, '127.0.0.1');
  return {
    port: server.port,
    client,
    close() {
      client.disconnect();
      return server.close();
    },
  };
}
