import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { entries, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

const LIST = 'processing-image:pod-1';
let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({
    models: [],
    environment: { ...OBEDIENT, SHUTDOWN_GRACE: '1' },
  });
});
after(() => deployment.close());

/** Submits a job that takes so many seconds, and waits until it is in work. */
async function begin(name: string): Promise<string> {
  const [key = ''] = await submitFiles(deployment, [name]);
  const isInWork = async (): Promise<true | undefined> =>
    (await deployment.redis.hget(key, 'status')) === 'started' || undefined;
  await deployment.until(isInWork);
  return key;
}

test('whatever the janitor does with it, it has one entry, and one is left for the time after a crash', async () => {
  const key = await begin('wait-60.tif');
  // The janitor gives it back, and the process that works on it pops it again.
  await deployment.redis.multi().lrem(LIST, 1, key).lpush('image', key).exec();
  await deployment.until(async () => (await deployment.redis.llen('image')) === 0 || undefined);
  assert.deepEqual(await entries(deployment), [key]);
  // A fail-over that lost the pop: two entries.
  await deployment.redis.lpush('image', key);
  await deployment.until(async () => (await deployment.redis.llen('image')) === 0 || undefined);
  await deployment.until(async () => (await deployment.redis.llen(LIST)) === 1 || undefined);
  assert.deepEqual(await entries(deployment), [key]);

  await deployment.signal('SIGKILL');
  await deployment.start();
  const isClaimedAgain = async (): Promise<true | undefined> =>
    (await deployment.redis.hget(key, 'attempts')) === '2' || undefined;
  await deployment.until(isClaimedAgain);
  assert.deepEqual(await entries(deployment), [key]);
  await deployment.redis.del(key);
});

test('a stop gives it back, though the janitor has taken its entry', async () => {
  const key = await begin('wait-50.tif');
  await deployment.redis.lrem(LIST, 0, key);
  assert.equal(await deployment.signal('SIGTERM'), 0);
  assert.deepEqual(await deployment.redis.lrange('image', 0, -1), [key]);
  assert.deepEqual(await entries(deployment), [key]);
});
