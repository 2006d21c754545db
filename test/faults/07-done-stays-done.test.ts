import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Station } from '../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

let station: Station;

before(async () => {
  station = await Station.open({ models: [], environment: OBEDIENT });
});
after(() => station.close());

/** Lets the lease of a host run out now instead of in 20 s. */
async function endLease(host: string): Promise<void> {
  for (const owner of await station.redis.zrange('kiosk:leases:image', '0', '-1')) {
    if (owner.endsWith(`@${host}`)) await station.redis.zadd('kiosk:leases:image', 0, owner);
  }
}

test('a pod that was paused while another did its job changes nothing when it wakes', async () => {
  const [key = ''] = await submitFiles(station, ['wait-1.tif']);
  const isStarted = async (): Promise<true | undefined> =>
    (await station.redis.hget(key, 'status')) === 'started' || undefined;
  await station.until(isStarted);
  station.consumer.pause();
  try {
    await endLease('pod-1');
    // The janitor, or a peer, gives the job back.
    await station.redis.multi().lrem('processing-image:pod-1', 1, key).lpush('image', key).exec();
    await station.startBeside({ HOSTNAME: 'pod-2' });
    await allDone(station, [key]);
  } finally {
    const settled = await station.redis.hgetall(key);
    station.consumer.resume();
    // It wakes in the middle of the job, goes on, and wants to write how it ended.
    await station.until(
      async () => station.consumer.lines('"msg":"Nothing to do"').length > 0 || undefined,
    );
    assert.deepEqual(await station.redis.hgetall(key), settled);
    await allDone(station, [key]);
  }
});
