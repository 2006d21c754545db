import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startRedis } from '../../../scripts/start-redis.ts';
import { Station } from '../../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../../harness/stages/obedient-workflow.ts';
import { until } from '../../harness/until.ts';
import { FlakyProxy } from '../../proxies/tcp-fault-proxy.ts';

/** The default. */
const POP_SECONDS = 5;
/** How much longer the answer is waited for, and a pause after a failure. */
const NOTICED_SECONDS = POP_SECONDS + 2 + 0.5;
/** For a slow machine, and to connect. */
const REST_SECONDS = 5;
let proxy: FlakyProxy;
let station: Station;

beforeEach(async () => {
  const redis = await startRedis();
  proxy = await FlakyProxy.start(redis.port);
  station = await Station.open({
    models: [],
    redis,
    environment: {
      ...OBEDIENT,
      REDIS_PORT: String(proxy.port),
      EMPTY_QUEUE_TIMEOUT: String(POP_SECONDS),
    },
  });
  await until(async () => /cmd=brpoplpush/i.test(String(await station.redis.client('LIST'))));
});
afterEach(async () => {
  await station.close();
  await proxy.close();
});

test('R6: a silent link is noticed two seconds after an answer was due, and jobs are taken over a new one', async () => {
  proxy.freeze();
  const frozenAt = performance.now();
  const keys = await submitFiles(station, ['copy-1.tif', 'copy-2.tif']);
  await allDone(station, keys);
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
  const keys = await submitFiles(station, ['copy-1.tif', 'copy-2.tif']);
  await allDone(station, keys);
  assert.deepEqual(await station.consumer.notReady(), {});
  assert.ok(!station.consumer.hasEnded);
});
