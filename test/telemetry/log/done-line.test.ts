import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JobSummaries } from '../../../src/telemetry/log/done-line.ts';
import { sampleJob } from '../../harness/stages/job-in-flight.ts';

const job = sampleJob();

test('the end of a job tells its size, its wait, its retries, what was found and how it was understood', () => {
  const summaries = new JobSummaries();
  summaries.listen({ type: 'job started', job, queuedMs: 12.4 });
  summaries.listen({ type: 'bytes moved', stage: 'download', job, direction: 'in', bytes: 700 });
  summaries.listen({ type: 'bytes moved', stage: 'decode', job, direction: 'out', bytes: 900 });
  summaries.listen({ type: 'job warned', job, message: 'Odd.' });
  const notes = { predict_retries: '2', cells: '3,4', input: '{"axes":"YX"}', other: 'x' };
  summaries.listen({ type: 'stage started', stage: 'upload', job, waitedMs: 0, notes });
  const expected = { bytes: 700, queuedMs: 12, retries: 2, cells: '3,4', warnings: 1 };
  assert.deepEqual(summaries.take(job.key), { ...expected, input: { axes: 'YX' } });
  assert.deepEqual(summaries.take(job.key), {});
});

test('what is not known is left out', () => {
  const summaries = new JobSummaries();
  summaries.listen({ type: 'job started', job, queuedMs: undefined });
  assert.deepEqual(summaries.take(job.key), {});
  summaries.listen({ type: 'job warned', job, message: 'Too late.' });
  assert.deepEqual(summaries.take(job.key), {});
});
