import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { allDone, submitFiles } from '../../harness/stages/obedient-jobs.ts';
import { type BehindProxy, openBehindProxy } from '../../harness/stages/obedient-behind-proxy.ts';
import { until } from '../../harness/until.ts';

/** The default. */
const POP_SECONDS = 5;
/** How much longer the answer is waited for, and a pause after a failure. */
const NOTICED_SECONDS = POP_SECONDS + 2 + 0.5;
/** For a slow machine, and to connect. */
const REST_SECONDS = 5;
let behind: BehindProxy;
let proxy: BehindProxy['proxy'];
let deployment: BehindProxy['deployment'];

beforeEach(async () => {
  behind = await openBehindProxy({ EMPTY_QUEUE_TIMEOUT: String(POP_SECONDS) });
  ({ deployment, proxy } = behind);
  await until(async () => /cmd=brpoplpush/i.test(String(await deployment.redis.client('LIST'))));
});
afterEach(() => behind.close());

test('R6: a silent link is noticed two seconds after an answer was due, and jobs are taken over a new one', async () => {
  proxy.freeze();
  const frozenAt = performance.now();
  const keys = await submitFiles(deployment, ['copy-1.tif', 'copy-2.tif']);
  await allDone(deployment, keys);
  const seconds = (performance.now() - frozenAt) / 1000;
  assert.ok(seconds < NOTICED_SECONDS + REST_SECONDS, `${seconds} s`);
});

test('R6: the intake goes on although new connections were mute for half a minute, and then were reset', async () => {
  proxy.onNew = 'mute';
  proxy.freeze();
  await delay(30_000);
  proxy.onNew = 'reset';
  proxy.cut();
  await delay(5000);
  proxy.onNew = 'forward';
  const keys = await submitFiles(deployment, ['copy-1.tif', 'copy-2.tif']);
  await allDone(deployment, keys);
  assert.deepEqual(await deployment.consumer.notReady(), {});
  assert.ok(!deployment.consumer.hasEnded);
});
