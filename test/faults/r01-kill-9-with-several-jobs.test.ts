import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { doubling, Station } from '../harness/processes/consumer-process.ts';

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

test('R1: the jobs held by a process that was killed are found at the next start of the same host, and end done', async () => {
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
