import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Station } from '../harness/processes/consumer-process.ts';
import { entries, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

const LIST = 'processing-image:pod-1';
let station: Station;

before(async () => {
  station = await Station.open({ models: [], environment: { ...OBEDIENT, SHUTDOWN_GRACE: '1' } });
});
after(() => station.close());

/** Submits a job that takes so many seconds, and waits until it is in work. */
async function begin(name: string): Promise<string> {
  const [key = ''] = await submitFiles(station, [name]);
  const isInWork = async (): Promise<true | undefined> =>
    (await station.redis.hget(key, 'status')) === 'started' || undefined;
  await station.until(isInWork);
  return key;
}

test('whatever the janitor does with it, it has one entry, and one is left for the time after a crash', async () => {
  const key = await begin('wait-60.tif');
  // The janitor gives it back, and the process that works on it pops it again.
  await station.redis.multi().lrem(LIST, 1, key).lpush('image', key).exec();
  await station.until(async () => (await station.redis.llen('image')) === 0 || undefined);
  assert.deepEqual(await entries(station), [key]);
  // A fail-over that lost the pop: two entries.
  await station.redis.lpush('image', key);
  await station.until(async () => (await station.redis.llen('image')) === 0 || undefined);
  await station.until(async () => (await station.redis.llen(LIST)) === 1 || undefined);
  assert.deepEqual(await entries(station), [key]);

  await station.signal('SIGKILL');
  await station.start();
  const isClaimedAgain = async (): Promise<true | undefined> =>
    (await station.redis.hget(key, 'attempts')) === '2' || undefined;
  await station.until(isClaimedAgain);
  assert.deepEqual(await entries(station), [key]);
  await station.redis.del(key);
});

test('a stop gives it back, though the janitor has taken its entry', async () => {
  const key = await begin('wait-50.tif');
  await station.redis.lrem(LIST, 0, key);
  assert.equal(await station.signal('SIGTERM'), 0);
  assert.deepEqual(await station.redis.lrange('image', 0, -1), [key]);
  assert.deepEqual(await entries(station), [key]);
});
