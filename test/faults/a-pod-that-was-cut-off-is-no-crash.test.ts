import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { allDone, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { type BehindProxy, openBehindProxy } from '../harness/stages/obedient-behind-proxy.ts';

let behind: BehindProxy;
let proxy: BehindProxy['proxy'];
let deployment: BehindProxy['deployment'];

before(async () => {
  behind = await openBehindProxy({ REDIS_TIMEOUT: '0.2' });
  ({ deployment, proxy } = behind);
});
after(() => behind.close());

test('a job is not blamed for a pod that was cut off and comes back', async () => {
  const [key = ''] = await submitFiles(deployment, ['wait-6.tif']);
  const attemptsAre = (count: string) => async (): Promise<true | undefined> =>
    (await deployment.redis.hget(key, 'attempts')) === count || undefined;
  await deployment.until(attemptsAre('1'));
  // By then the pod knows that it has the job.
  await deployment.until(
    async () => deployment.consumer.lines('"Started"').length > 0 || undefined,
  );
  proxy.onNew = 'reset';
  proxy.cut();
  // Its lease ends now instead of in 20 s, and the janitor, or a peer, gives the job back.
  const [owner = ''] = await deployment.redis.zrange('kiosk:leases:image', 0, '-1');
  await deployment.redis.zadd('kiosk:leases:image', 0, owner);
  await deployment.redis.multi().lrem('processing-image:pod-1', 1, key).lpush('image', key).exec();
  const peer = { HOSTNAME: 'pod-2', REDIS_PORT: String(deployment.redis.options.port) };
  await deployment.startBeside(peer);
  await deployment.until(attemptsAre('2'));
  proxy.onNew = 'forward';
  await deployment.until(attemptsAre('1'));
  assert.equal(await deployment.redis.hget(key, 'identity_started'), 'pod-2');
  const [hash] = await allDone(deployment, [key]);
  assert.equal(hash?.['attempts'], '1');
});
