import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Station } from '../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

const COPIES = 4;
let station: Station;

before(async () => {
  station = await Station.open({ models: [], environment: OBEDIENT });
  await station.startBeside({ HOSTNAME: 'pod-2' });
});
after(() => station.close());

test('R13: a key that is in the queue four times, with two consumers, is worked on once', async () => {
  const [key = ''] = await submitFiles(station, ['wait-1.tif']);
  for (let copy = 1; copy < COPIES; copy++) await station.redis.lpush('image', key);
  const [hash] = await allDone(station, [key]);
  assert.equal(hash?.['attempts'], '1');
  const started = station.log.split('\n').filter((line) => line.includes('"msg":"Started"'));
  assert.equal(started.length, 1, station.log);
});
