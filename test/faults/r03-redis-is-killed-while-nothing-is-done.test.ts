import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Station } from '../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';
import { RedisProcess } from '../harness/processes/redis-process.ts';
import { fairSeconds } from '../harness/processes/fair-seconds.ts';

let redis: RedisProcess;
let station: Station;

before(async () => {
  redis = await RedisProcess.start();
  station = await Station.open({ models: [], redis, environment: OBEDIENT });
});
after(() => station.close());

test('R3: after kill -9 of Redis, jobs are taken within five seconds of its return, those that it kept too', async () => {
  const early = await submitFiles(station, ['copy-early.tif']);
  await allDone(station, early);
  await redis.kill();
  const why = await station.until(async () => (await station.consumer.notReady())['redis']);
  assert.match(why, /ECONNREFUSED|ECONNRESET|EPIPE|closed|no connection/);

  await redis.restart();
  const seconds = await fairSeconds(station.consumer.pid, async () => {
    const late = await submitFiles(station, ['copy-late.tif', 'copy-later.tif']);
    await allDone(station, [...early, ...late]);
  });
  assert.ok(seconds < 5, `${seconds} s`);
  assert.deepEqual(await station.consumer.notReady(), {});
  assert.ok(!station.consumer.hasEnded);
});
