import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { entries, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { type BehindProxy, openBehindProxy } from '../harness/stages/obedient-behind-proxy.ts';
import { until } from '../harness/until.ts';

let behind: BehindProxy;
let proxy: BehindProxy['proxy'];
let deployment: BehindProxy['deployment'];

before(async () => {
  behind = await openBehindProxy({ EMPTY_QUEUE_TIMEOUT: '60' });
  ({ deployment, proxy } = behind);
});
after(() => behind.close());

test('a key that came over a silent link goes back to the queue, and the exit code is 0', async () => {
  const waits = async (): Promise<boolean> =>
    /cmd=brpoplpush/i.test(String(await deployment.redis.client('LIST')));
  await until(waits);
  const opened = proxy.opened;
  proxy.freeze();
  const keys = await submitFiles(deployment, ['copy-1.tif']);
  const isMoved = async (): Promise<boolean> =>
    (await deployment.redis.llen('processing-image:pod-1')) === 1;
  await until(isMoved);
  // The heartbeat notices its own link; the wait for a key would last for a minute.
  await until(() => proxy.opened > opened);
  assert.deepEqual(await deployment.redis.lrange('image', 0, -1), []);
  assert.equal(await deployment.signal('SIGTERM'), 0);
  assert.deepEqual(await deployment.redis.lrange('image', 0, -1), keys);
  assert.deepEqual(await entries(deployment), keys);
});
