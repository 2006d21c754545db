import { randomUUID } from 'node:crypto';
import { openRedisJobs } from '../../adapters/redis/jobs/open-jobs.ts';
import { RedisJobClient } from '../../adapters/redis/redis-job-client.ts';
import { systemClock as clock } from '../../adapters/system-clock.ts';
import { VERSION } from '../../consumer/version.ts';
import type { OpenedRedis } from '../../consumer/open/open-redis.ts';
import { Finding } from './check.ts';

const EXPIRE_SECONDS = 60;

/**
 * Takes a job through a queue as the consumer does: every script and the blocking pop run once. Queue and
 * processing list have names that nobody else counts; nothing is left.
 */
export async function tryJob({ dial, link }: OpenedRedis): Promise<void> {
  const id = `kiosk:doctor:${randomUUID()}`;
  const key = `${id}:job`;
  const client = new RedisJobClient(link);
  const { queue, hashes, families } = openRedisJobs({
    dial,
    link,
    clock,
    queue: id,
    list: `${id}:list:doctor`,
    hostName: 'doctor',
    version: VERSION,
    popSeconds: 1,
    childrenInQueue: 1,
    expireSeconds: EXPIRE_SECONDS,
  });
  const signal = new AbortController().signal;
  const next = async (): Promise<string> => (await queue.pop(signal)) ?? '';
  try {
    await queue.register(signal);
    await client.submit(id, key, { status: 'new' });
    const first = await queue.open(await next(), { heldHere: false, alone: false });
    if (first.kind !== 'opened') throw lost();
    await queue.requeue(first.claim);
    const again = await queue.open(await next(), { heldHere: false, alone: true });
    if (again.kind !== 'opened') throw lost();
    const child = {
      key: `${id}:child`,
      queue: id,
      place: 0,
      failed: false,
      fields: { status: 'new' },
    };
    await families.submit(again.claim, [child]);
    await queue.beat([again.claim]);
    await families.sweep(again.claim);
    await hashes.update(again.claim, { status: 'started' });
    if ((await hashes.settle(again.claim, { status: 'done' })) !== 'written') throw lost();
    // The child is gone with its parent; its entry is dropped when it is opened.
    await queue.open(await next(), { heldHere: false, alone: false });
  } finally {
    await queue.unregister().catch(() => undefined);
    await client.expire(key, 0).catch(() => undefined);
    await queue.close();
  }
}

function lost(): Finding {
  return new Finding(
    'a job of our own got lost on its way through a queue of our own',
    'See whether Redis drops keys (maxmemory-policy), or whether something else empties its lists.',
  );
}
