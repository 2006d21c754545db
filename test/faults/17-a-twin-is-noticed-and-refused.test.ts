import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';
import { RunningConsumer } from '../harness/processes/running-consumer.ts';

let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({ models: [], environment: OBEDIENT });
});
after(() => deployment.close());

test('a second process of the same host name refuses to start, and takes nothing from the first', async () => {
  const keys = await submitFiles(deployment, ['wait-4.tif', 'wait-5.tif']);
  const twin = RunningConsumer.launch({ environment: deployment.environment });
  assert.equal(await twin.ended(), 1, twin.log);
  const [line = '', ...more] = twin.lines('"level":"fatal"');
  assert.match(line, /Another consumer of \\"image\\" runs under the host name \\"pod-1\\"/);
  assert.deepEqual(more, []);
  assert.deepEqual(twin.lines('Recovered'), []);
  const hashes = await allDone(deployment, keys);
  for (const { attempts } of hashes) assert.equal(attempts, '1');
  assert.equal(deployment.consumer.lines('"msg":"Started"').length, 2);
});
