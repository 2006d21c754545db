import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

const NEIGHBOURS = ['copy-1.tif', 'copy-2.tif', 'wait-1.tif', 'wait-2.tif', 'copy-5.tif'];
const MOST_STARTS = 6;
let deployment: Deployment;

beforeEach(async () => {
  deployment = await Deployment.open({
    models: [],
    environment: { ...OBEDIENT, JOBS_IN_FLIGHT: '4' },
  });
});
afterEach(() => deployment.close());

for (const [how, file] of [
  ['a signal', 'kill.tif'],
  ['an error that nobody catches', 'bug.tif'],
]) {
  test(`after three crashes by ${how} it has failed and is a dead letter, and its neighbours are done`, () =>
    givesUp(file ?? ''));
}

async function givesUp(file: string): Promise<void> {
  const [, poison = '', ...rest] = await submitFiles(deployment, [
    'wait-3.tif',
    file,
    ...NEIGHBOURS,
  ]);
  let starts = 1;
  const isOver = async (): Promise<boolean> =>
    (await deployment.redis.hget(poison, 'status')) === 'failed';
  while (!(await isOver())) {
    if (!deployment.consumer.hasEnded) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      continue;
    }
    assert.ok(++starts <= MOST_STARTS, `it was started ${starts} times: ${deployment.log}`);
    await deployment.start();
  }
  assert.equal(starts, 4, 'three crashes and the start that ends it');
  const { error_code: code, reason = '' } = await deployment.redis.hgetall(poison);
  assert.equal(code, 'crashed_worker');
  assert.match(reason, /^The job crashed its worker 3 times/);
  const letters = await deployment.redis.zrange('kiosk:dead-letters:image', '0', '-1');
  assert.deepEqual(letters, [poison]);
  for (const key of rest) assert.equal((await deployment.ended(key))['status'], 'done', key);
  assert.deepEqual(await deployment.redis.lrange('image', 0, -1), []);
}
