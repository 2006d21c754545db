import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../../harness/stages/obedient-workflow.ts';

/** A lease lasts for 20 s, and peers look for one that has run out every 5 s. */
const TAKEN_OVER_SECONDS = 30;
let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({
    models: [],
    environment: { ...OBEDIENT, JOBS_IN_FLIGHT: '4' },
  });
  await deployment.startBeside({ HOSTNAME: 'pod-2' });
});
after(() => deployment.close());

test('R2: its jobs run again elsewhere within 30 s, once, though the janitor gives one of them back too', async () => {
  await deployment.startBeside({ HOSTNAME: 'pod-3' });
  const keys = await submitFiles(deployment, [
    'wait-8.a.tif',
    'wait-8.b.tif',
    'wait-8.c.tif',
    'wait-8.d.tif',
    'wait-8.e.tif',
  ]);
  const list = 'processing-image:pod-1';
  const areTaken = async (): Promise<true | undefined> =>
    ((await deployment.redis.llen('image')) === 0 && (await deployment.redis.llen(list)) > 0) ||
    undefined;
  await deployment.until(areTaken);
  const stranded = await deployment.redis.lrange(list, 0, -1);
  await deployment.signal('SIGKILL');
  const diedAt = performance.now();
  const [first = ''] = stranded;
  // The janitor has seen that no pod of this name runs.
  await deployment.redis.lrem(list, 1, first);
  await deployment.redis.lpush('image', first);
  const again = async (): Promise<true | undefined> => {
    const attempts = await Promise.all(
      stranded.map((key) => deployment.redis.hget(key, 'attempts')),
    );
    return attempts.every((count) => count === '2') || undefined;
  };
  await deployment.until(again);
  const seconds = (performance.now() - diedAt) / 1000;
  assert.ok(seconds < TAKEN_OVER_SECONDS, `${seconds} s`);
  const hashes = await allDone(deployment, keys);
  for (const [index, { attempts }] of hashes.entries())
    assert.equal(attempts, stranded.includes(keys[index] ?? '') ? '2' : '1');
});
