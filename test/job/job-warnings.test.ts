import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JobWarnings } from '../../src/job/job-warnings.ts';
import { sampleJob } from '../harness/stages/job-in-flight.ts';

test('each message is one line, said once', () => {
  const told: string[] = [];
  const warnings = new JobWarnings((message) => told.push(message), ['0 cells were found.']);
  assert.equal(warnings.text, '0 cells were found.');
  for (const message of ['Channel 0\nis constant.', '0 cells were found.']) warnings.add(message);
  assert.deepEqual(told, ['0 cells were found.', 'Channel 0 is constant.']);
  assert.equal(warnings.text, '0 cells were found.\nChannel 0 is constant.');
});

test('what an earlier phase has said is kept, and not said again', () => {
  const told: string[] = [];
  const begun = sampleJob({ fields: { warnings: 'Odd.\nEmpty.' } });
  const warnings = new JobWarnings((message) => told.push(message), ['Odd.'], begun);
  warnings.add('New.');
  assert.deepEqual([warnings.text, told], ['Odd.\nEmpty.\nNew.', ['New.']]);
});

test('a job has at most twenty, and says how many more there were', () => {
  const warnings = new JobWarnings();
  for (let n = 1; n <= 23; n++) warnings.add(`Remark ${n}.`);
  const lines = warnings.text.split('\n');
  assert.equal(lines.length, 21);
  assert.deepEqual(lines.slice(-2), ['Remark 20.', 'And 3 more; the log has them.']);
});

test('the hash has a field for them if there are any, or were any in an earlier run', () => {
  const warnings = new JobWarnings();
  assert.deepEqual(warnings.field(sampleJob()), {});
  const earlier = sampleJob({ fields: { warnings: 'Odd.' } });
  assert.deepEqual(warnings.field(earlier), { warnings: '' });
  warnings.add('New.');
  assert.deepEqual(warnings.field(earlier), { warnings: 'New.' });
});
