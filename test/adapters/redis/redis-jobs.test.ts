import { before } from 'node:test';
import { type LocalRedis, startRedis } from '../../../scripts/start-redis.ts';
import { jobsContract } from './jobs-contract.ts';
import { openRedisWorld } from './redis-world.ts';

let server: LocalRedis;
before(async () => {
  server = await startRedis();
});

jobsContract('jobs in Redis', {
  open: () => openRedisWorld(server.port),
  close: () => server.close(),
});
