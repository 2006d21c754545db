import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFinished, queuedMs } from '../../src/job/job.ts';
import { sampleJob } from '../harness/stages/job-in-flight.ts';

test('a job is finished once it is done or failed, whatever else its hash says', () => {
  const statuses = ['done', 'failed', 'waiting', 'started', '', undefined];
  assert.deepEqual(
    statuses.map((status) => isFinished(status === undefined ? {} : { status })),
    [true, true, false, false, false, false],
  );
});

test('a job has existed since its hash says, and never for less than no time', () => {
  const now = new Date('2026-01-01T00:00:10Z');
  const since = (created: string) => queuedMs(sampleJob({ fields: { created_at: created } }), now);
  assert.equal(since('2026-01-01T00:00:04Z'), 6000);
  assert.equal(since('2026-01-01T00:01:00Z'), 0);
  assert.equal(since('yesterday'), undefined);
});
