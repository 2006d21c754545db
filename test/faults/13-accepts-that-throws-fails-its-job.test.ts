import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { nothingLeft, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({
    models: [],
    environment: { ...OBEDIENT, RECONCILE_INTERVAL: '1' },
  });
});
after(() => deployment.close());

test('a workflow that throws when it is asked fails the job at once, and does not see it again', async () => {
  const [bad = '', good = ''] = await submitFiles(deployment, ['throw.tif', 'copy.tif']);
  const { status, error_code: code, attempts } = await deployment.ended(bad, 5000);
  assert.deepEqual([status, code, attempts], ['failed', 'bad_workflow', '1']);
  assert.equal((await deployment.ended(good))['status'], 'done');
  await nothingLeft(deployment);
  const [line = '', ...more] = deployment.consumer.lines('no such field');
  assert.match(line, /TypeError: no such field/);
  assert.deepEqual(more, []);
});
