import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';
import { RedisProcess } from '../harness/processes/redis-process.ts';
import { fairSeconds } from '../harness/processes/fair-seconds.ts';

let redis: RedisProcess;
let deployment: Deployment;

before(async () => {
  redis = await RedisProcess.start();
  deployment = await Deployment.open({ models: [], redis, environment: OBEDIENT });
});
after(() => deployment.close());

test('R3: after kill -9 of Redis, jobs are taken within five seconds of its return, those that it kept too', async () => {
  const early = await submitFiles(deployment, ['copy-early.tif']);
  await allDone(deployment, early);
  await redis.kill();
  const why = await deployment.until(async () => (await deployment.consumer.notReady())['redis']);
  assert.match(why, /ECONNREFUSED|ECONNRESET|EPIPE|closed|no connection/);

  await redis.restart();
  const seconds = await fairSeconds(deployment.consumer.pid, async () => {
    const late = await submitFiles(deployment, ['copy-late.tif', 'copy-later.tif']);
    await allDone(deployment, [...early, ...late]);
  });
  assert.ok(seconds < 5, `${seconds} s`);
  assert.deepEqual(await deployment.consumer.notReady(), {});
  assert.ok(!deployment.consumer.hasEnded);
});
