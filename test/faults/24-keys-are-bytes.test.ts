import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Station } from '../harness/processes/consumer-process.ts';
import { entries } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

let station: Station;

before(async () => {
  station = await Station.open({ models: [], environment: OBEDIENT });
});
after(() => station.close());

/** Bytes that are no UTF-8: Latin-1, the half of a character, and every byte there is. */
const KEYS = {
  'of Latin-1': Buffer.from('image:na\u00efve.tif:1', 'latin1'),
  'with half a character': Buffer.from([...Buffer.from('image:'), 0xe2, 0x82]),
  'of all bytes': Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
};

for (const [name, key] of Object.entries(KEYS)) {
  test(`a key ${name} is claimed, done, and leaves no entry`, async () => {
    await station.upload('uploads/copy.tif', Buffer.from('x'));
    await station.redis.hset(key, { status: 'new', input_file_name: 'uploads/copy.tif' });
    await station.redis.lpush('image', key);
    const isDone = async (): Promise<true | undefined> =>
      (await station.redis.hget(key, 'status')) === 'done' || undefined;
    await station.until(isDone);
    assert.deepEqual(await entries(station), []);
    await station.redis.del(key);
  });

  test(`a key ${name} without a hash leaves no entry`, async () => {
    await station.redis.lpush('image', key);
    await station.until(async () => (await entries(station)).length === 0 || undefined);
    assert.equal(await station.redis.exists(key), 0);
  });
}
