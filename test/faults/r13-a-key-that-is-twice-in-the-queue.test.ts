import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

const COPIES = 4;
let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({ models: [], environment: OBEDIENT });
  await deployment.startBeside({ HOSTNAME: 'pod-2' });
});
after(() => deployment.close());

test('R13: a key that is in the queue four times, with two consumers, is worked on once', async () => {
  const [key = ''] = await submitFiles(deployment, ['wait-1.tif']);
  for (let copy = 1; copy < COPIES; copy++) await deployment.redis.lpush('image', key);
  const [hash] = await allDone(deployment, [key]);
  assert.equal(hash?.['attempts'], '1');
  const started = deployment.log.split('\n').filter((line) => line.includes('"msg":"Started"'));
  assert.equal(started.length, 1, deployment.log);
});
