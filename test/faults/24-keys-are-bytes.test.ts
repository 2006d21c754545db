import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { entries } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({ models: [], environment: OBEDIENT });
});
after(() => deployment.close());

/** Bytes that are no UTF-8: Latin-1, the half of a character, and every byte there is. */
const KEYS = {
  'of Latin-1': Buffer.from('image:na\u00efve.tif:1', 'latin1'),
  'with half a character': Buffer.from([...Buffer.from('image:'), 0xe2, 0x82]),
  'of all bytes': Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
};

for (const [name, key] of Object.entries(KEYS)) {
  test(`a key ${name} is claimed, done, and leaves no entry`, async () => {
    await deployment.upload('uploads/copy.tif', Buffer.from('x'));
    await deployment.redis.hset(key, { status: 'new', input_file_name: 'uploads/copy.tif' });
    await deployment.redis.lpush('image', key);
    const isDone = async (): Promise<true | undefined> =>
      (await deployment.redis.hget(key, 'status')) === 'done' || undefined;
    await deployment.until(isDone);
    assert.deepEqual(await entries(deployment), []);
    await deployment.redis.del(key);
  });

  test(`a key ${name} without a hash leaves no entry`, async () => {
    await deployment.redis.lpush('image', key);
    await deployment.until(async () => (await entries(deployment)).length === 0 || undefined);
    assert.equal(await deployment.redis.exists(key), 0);
  });
}
