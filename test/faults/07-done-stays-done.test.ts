import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({ models: [], environment: OBEDIENT });
});
after(() => deployment.close());

/** Lets the lease of a host run out now instead of in 20 s. */
async function endLease(host: string): Promise<void> {
  for (const owner of await deployment.redis.zrange('kiosk:leases:image', '0', '-1')) {
    if (owner.endsWith(`@${host}`)) await deployment.redis.zadd('kiosk:leases:image', 0, owner);
  }
}

test('a pod that was paused while another did its job changes nothing when it wakes', async () => {
  const [key = ''] = await submitFiles(deployment, ['wait-1.tif']);
  const isStarted = async (): Promise<true | undefined> =>
    (await deployment.redis.hget(key, 'status')) === 'started' || undefined;
  await deployment.until(isStarted);
  deployment.consumer.pause();
  try {
    await endLease('pod-1');
    // The janitor, or a peer, gives the job back.
    await deployment.redis
      .multi()
      .lrem('processing-image:pod-1', 1, key)
      .lpush('image', key)
      .exec();
    await deployment.startBeside({ HOSTNAME: 'pod-2' });
    await allDone(deployment, [key]);
  } finally {
    const settled = await deployment.redis.hgetall(key);
    deployment.consumer.resume();
    // It wakes in the middle of the job, goes on, and wants to write how it ended.
    await deployment.until(
      async () => deployment.consumer.lines('"msg":"Nothing to do"').length > 0 || undefined,
    );
    assert.deepEqual(await deployment.redis.hgetall(key), settled);
    await allDone(deployment, [key]);
  }
});
