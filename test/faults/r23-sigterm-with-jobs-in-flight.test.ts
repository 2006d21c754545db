import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { doubling, Station } from '../harness/processes/consumer-process.ts';
import { fairSeconds } from '../harness/processes/fair-seconds.ts';

const FIELDS = { model_name: 'Doubling', model_version: '1', input_file_name: 'uploads/a.tif' };
const keys = Array.from({ length: 12 }, (_, n) => `image:${n}`);
let station: Station;

beforeEach(async () => {
  station = await Station.open({
    models: [doubling],
    environment: { JOBS_IN_FLIGHT: '4', SHUTDOWN_GRACE: '5' },
  });
  await station.upload(
    'uploads/a.tif',
    encodeTiff({ shape: [40, 50], data: new Float32Array(2000) }),
  );
});

afterEach(() => station.close());

const processing = (): Promise<string[]> => station.redis.lrange('processing-image:pod-1', 0, -1);
const statuses = (): Promise<(string | null)[]> =>
  Promise.all(keys.map((key) => station.redis.hget(key, 'status')));

async function submitAll(): Promise<void> {
  for (const key of keys) await station.submit(key, FIELDS);
  await station.until(async () => (await statuses()).includes('predicting') || undefined);
}

test('R23 a: jobs in flight finish, the others stay in the queue, the exit code is 0', async () => {
  station.models.script([{ type: 'slow', ms: 300 }]);
  await submitAll();
  const code = await station.signal('SIGTERM');
  assert.equal(code, 0, station.log);
  assert.deepEqual(await processing(), []);
  const waiting = await station.redis.lrange('image', 0, -1);
  const done = (await statuses()).filter((status) => status === 'done');
  assert.ok(
    done.length > 0 && waiting.length > 0,
    `${done.length} done, ${waiting.length} waiting`,
  );
  assert.equal(done.length + waiting.length, keys.length);
});

test('R23 b: what cannot finish in time goes back to where it is next, and another consumer finishes it', async () => {
  station.models.script([{ type: 'mute' }]);
  await submitAll();
  const held = await processing();
  const code = await station.signal('SIGTERM');
  assert.equal(code, 0, station.log);
  assert.deepEqual(await processing(), []);
  const queue = await station.redis.lrange('image', 0, -1);
  assert.deepEqual(new Set(queue), new Set(keys));
  assert.deepEqual(new Set(queue.slice(-held.length)), new Set(held));
  station.models.script([]);
  await station.start();
  for (const key of keys) assert.equal((await station.ended(key))['status'], 'done');
});

test('R23 c: a second SIGTERM gives everything back at once', async () => {
  station.models.script([{ type: 'mute' }]);
  await submitAll();
  const seconds = await fairSeconds(station.consumer.pid, async () => {
    station.consumer.tell('SIGTERM');
    await station.consumer.says('SIGTERM: taking no more jobs');
    station.consumer.tell('SIGTERM');
    assert.equal(await station.consumer.ended(), 0, station.log);
  });
  assert.ok(seconds < 4, `${seconds} s: the grace of five seconds is not waited for`);
  assert.deepEqual(await processing(), []);
  assert.equal(await station.redis.llen('image'), keys.length);
});

test('R23 d: with all model servers down, SIGTERM gives the jobs back without an attempt', async () => {
  station.models.script([{ type: 'error', status: 'UNAVAILABLE', details: 'down' }]);
  await station.submit('image:0', FIELDS);
  await station.consumer.says('Taking no jobs');
  const seconds = await fairSeconds(station.consumer.pid, async () => {
    assert.equal(await station.signal('SIGTERM'), 0, station.log);
  });
  assert.ok(seconds < 9, `${seconds} s`);
  assert.deepEqual(await station.redis.lrange('image', 0, -1), ['image:0']);
  assert.equal(await station.redis.hget('image:0', 'attempts'), '0');
});

test('R23: no key is taken after the signal, not by the wait that was under way either', async () => {
  await station.until(
    async () => /cmd=brpoplpush/i.test(String(await station.redis.client('LIST'))) || undefined,
  );
  station.consumer.tell('SIGTERM');
  await station.consumer.says('SIGTERM: taking no more jobs');
  for (const key of keys) await station.submit(key, FIELDS);
  assert.equal(await station.consumer.ended(), 0, station.log);
  assert.equal(await station.redis.llen('image'), keys.length);
  assert.deepEqual(await processing(), []);
});
