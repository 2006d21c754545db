import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceptanceOf } from '../../src/flow/acceptance.ts';
import { jobField } from '../../src/job/job-field.ts';
import type { Job } from '../../src/job/job.ts';

const words = { summary: 'Bins.', fallback: '4', example: '8' };
const bins = jobField.positive('bins', words);
const accepts = acceptanceOf({
  accepts: ({ inputFileName }) => inputFileName === 'a.tif',
  fields: [bins],
});

function job(fields: Job['fields'], inputFileName = 'a.tif'): Job {
  return { key: 'k', queue: 'mine', fields, inputFileName, originalName: 'a', resultId: 'r' };
}

test('a job is accepted whose fields are absent, empty or allowed', () => {
  for (const fields of [{}, { bins: ' ' }, { bins: '3' }, { other: '0' }])
    assert.equal(accepts(job(fields)), true);
});

test('a field that is not what it allows fails the job in a sentence', () => {
  assert.throws(() => accepts(job({ bins: '0' })), {
    code: 'invalid_job',
    message: 'The field bins is "0", but must be a number above 0, as in bins=8.',
  });
});

test('the fields of a file of the wrong kind are not looked at', () => {
  assert.equal(accepts(job({ bins: '0' }, 'a.zip')), false);
});

test('a function of the author that throws is named', () => {
  const broken = (): boolean => {
    throw new TypeError('Not there.');
  };
  assert.throws(() => acceptanceOf({ accepts: broken })(job({})), {
    code: 'bad_workflow',
    message: 'The function accepts of the workflow threw TypeError: Not there.',
  });
  const fields = [jobField.text('bins', { ...words, allowed: 'a word', accepts: broken })];
  assert.throws(() => acceptanceOf({ accepts: () => true, fields })(job({ bins: '1' })), {
    code: 'bad_workflow',
    message: 'The function accepts of the field "bins" of the workflow threw TypeError: Not there.',
  });
});
