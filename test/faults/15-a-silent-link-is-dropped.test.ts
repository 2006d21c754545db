import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { allDone, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { type BehindProxy, openBehindProxy } from '../harness/stages/obedient-behind-proxy.ts';
import { fairSeconds } from '../harness/processes/fair-seconds.ts';

/** A command is given up after five seconds; the rest is for a slow machine. */
const NOTICED_MS = 20_000;
let behind: BehindProxy;
let proxy: BehindProxy['proxy'];
let deployment: BehindProxy['deployment'];

before(async () => {
  behind = await openBehindProxy();
  ({ deployment, proxy } = behind);
});
after(() => behind.close());

test('jobs in work are settled over a new link, and /ready says meanwhile what is wrong', async () => {
  const keys = await submitFiles(deployment, ['wait-2.tif', 'wait-3.tif']);
  const isHeld = async (): Promise<true | undefined> =>
    (await deployment.redis.llen('processing-image:pod-1')) === 2 || undefined;
  await deployment.until(isHeld);
  // The link stays open and is dead; a new one would be mute too.
  proxy.onNew = 'mute';
  proxy.freeze();
  const why = await deployment.until(
    async () => (await deployment.consumer.notReady())['redis'],
    NOTICED_MS,
  );
  assert.match(why, /^Redis at 127\.0\.0\.1:\d+ cannot be used now: /);
  proxy.onNew = 'forward';
  await allDone(deployment, keys, NOTICED_MS);
  assert.deepEqual(await deployment.consumer.notReady(), {});
});

test('SIGTERM is heard although Redis takes connections and says nothing', async () => {
  proxy.onNew = 'mute';
  proxy.cut();
  const seconds = await fairSeconds(deployment.consumer.pid, async () => {
    assert.notEqual(await deployment.signal('SIGTERM'), null);
  });
  assert.ok(seconds < 8, `${seconds} s: ${deployment.log}`);
});
