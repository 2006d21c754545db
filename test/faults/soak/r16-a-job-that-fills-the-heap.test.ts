import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../../harness/processes/consumer-process.ts';
import { submitFiles } from '../../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../../harness/stages/obedient-workflow.ts';

const MOST_STARTS = 8;
const PATIENCE_MS = 180_000;
const names = Array.from({ length: 12 }, (_, n) => `wait-0.5.${n}.tif`);
let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({
    models: [],
    environment: {
      ...OBEDIENT,
      JOBS_IN_FLIGHT: '4',
      NODE_OPTIONS: '--max-old-space-size=200',
    },
  });
});
after(() => deployment.close());

test('R16: a job that V8 dies of runs alone before it is blamed, and no neighbour fails with it', async () => {
  const [bad = ''] = await submitFiles(deployment, ['heap.tif']);
  const keys = await submitFiles(deployment, names);
  let starts = 1;
  await deployment.until(async () => {
    if (deployment.consumer.hasEnded) {
      assert.ok(++starts <= MOST_STARTS, deployment.log.slice(-3000));
      await deployment.start();
    }
    return (await deployment.redis.hget(bad, 'status')) === 'failed' || undefined;
  }, PATIENCE_MS);
  const { error_code: code, reason = '' } = await deployment.redis.hgetall(bad);
  assert.equal(code, 'crashed_worker');
  assert.match(reason, /crashed its worker 3 times/);
  assert.match(deployment.log, /heap out of memory/);
  for (const key of keys) assert.equal((await deployment.ended(key))['status'], 'done', key);
  assert.deepEqual(await deployment.redis.zrange('kiosk:dead-letters:image', '0', '-1'), [bad]);
});
