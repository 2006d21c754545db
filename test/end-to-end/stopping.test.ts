import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { doubling, Station } from '../harness/consumer-process.ts';

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

test('SIGTERM: jobs in flight finish, the others stay in the queue, the exit code is 0', async () => {
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

test('SIGTERM: what cannot finish in time goes back to where it is next, and another consumer finishes it', async () => {
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

test('kill -9: the jobs held are found at the next start of the same host, and end done', async () => {
  station.models.script([{ type: 'mute' }]);
  await submitAll();
  await station.signal('SIGKILL');
  assert.equal((await processing()).length, 4);
  station.models.script([]);
  await station.start();
  for (const key of keys) assert.equal((await station.ended(key))['status'], 'done');
  await station.until(async () => (await processing()).length === 0 || undefined);
  assert.match(station.log, /Recovered 4 stranded jobs/);
});

test('a model server that is down for a while fails no job; none is taken meanwhile', async () => {
  station.models.script([{ type: 'error', status: 'UNAVAILABLE', details: 'down' }]);
  await station.submit('image:0', FIELDS);
  await station.until(async () => (station.log.includes('Taking no jobs') ? true : undefined));
  for (const key of keys.slice(1)) await station.submit(key, FIELDS);
  assert.equal((await processing()).length, 1);
  station.models.script([]);
  for (const key of keys) assert.equal((await station.ended(key))['status'], 'done');
});
