import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Deployment } from '../harness/processes/consumer-process.ts';
import { allDone, submitFiles } from '../harness/stages/obedient-jobs.ts';
import { OBEDIENT } from '../harness/stages/obedient-workflow.ts';

/** Sets the clock of a Node process wrong by so many milliseconds, and back by an hour after two seconds: a step of NTP. */
function skewed(ms: number): string[] {
  const source = `
    const RealDate = Date;
    const start = performance.now();
    const skew = () => ${ms} - (performance.now() - start > 2000 ? 3600000 : 0);
    globalThis.Date = class extends RealDate {
      constructor(...words) { words.length === 0 ? super(RealDate.now() + skew()) : super(...words); }
      static now() { return RealDate.now() + skew(); }
    };`;
  return ['--import', `data:text/javascript,${encodeURIComponent(source)}`];
}

const TEN_MINUTES = 600_000;
const names = Array.from({ length: 12 }, (_, n) => `wait-0.5.${n}.tif`);
let deployment: Deployment;

before(async () => {
  deployment = await Deployment.open({
    models: [],
    environment: { ...OBEDIENT, JOBS_IN_FLIGHT: '2' },
  });
  await deployment.startBeside({ HOSTNAME: 'fast' }, skewed(TEN_MINUTES));
  await deployment.startBeside({ HOSTNAME: 'slow' }, skewed(-TEN_MINUTES));
});
after(() => deployment.close());

test('R24: pods whose clocks are ten minutes apart leave each other their jobs, and write the time of Redis', async () => {
  const begun = Date.now();
  const keys = await submitFiles(deployment, names);
  const hashes = await allDone(deployment, keys);
  for (const { attempts, updated_at: at = '' } of hashes) {
    assert.equal(attempts, '1');
    assert.match(at, /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(Date.parse(at) >= begun - 1000 && Date.parse(at) <= Date.now() + 1000, at);
  }
  const hosts = new Set(hashes.map((hash) => hash['identity_started']));
  assert.deepEqual([...hosts].toSorted(), ['fast', 'pod-1', 'slow']);
  for (const time of hashes.map((hash) => Number(hash['total_time'])))
    assert.ok(time >= 0.4 && time < 60, `${time} s`);
  assert.doesNotMatch(deployment.log, /Recovered/);
});
