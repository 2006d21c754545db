import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseMisfit } from '../../../src/stages/job-fields/refuse-misfit.ts';

const MISFIT = 'Its OME-XML is damaged (a tag is not closed)';

test('words of a file that do not fit its pages are repeated, with what to do', () => {
  assert.throws(() => refuseMisfit({ misfit: MISFIT }, ', or name its axes'), {
    code: 'wrong_dimensions',
    message: `${MISFIT}: which of its pages are frames and which are channels is not known. Save the whole image again, or name its axes.`,
  });
});

test('a file whose words fit, or that has none, is not refused', () => {
  refuseMisfit({});
});
