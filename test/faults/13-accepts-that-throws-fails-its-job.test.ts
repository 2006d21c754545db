import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Station } from '../harness/processes/consumer-process.ts';
import { nothingLeft, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

let station: Station;

before(async () => {
  station = await Station.open({
    models: [],
    environment: { ...OBEDIENT, RECONCILE_INTERVAL: '1' },
  });
});
after(() => station.close());

test('a workflow that throws when it is asked fails the job at once, and does not see it again', async () => {
  const [bad = '', good = ''] = await submitFiles(station, ['throw.tif', 'copy.tif']);
  const { status, error_code: code, attempts } = await station.ended(bad, 5000);
  assert.deepEqual([status, code, attempts], ['failed', 'bad_workflow', '1']);
  assert.equal((await station.ended(good))['status'], 'done');
  await nothingLeft(station);
  const [line = '', ...more] = station.consumer.lines('no such field');
  assert.match(line, /TypeError: no such field/);
  assert.deepEqual(more, []);
});
