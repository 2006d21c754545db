import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFinished } from '../../src/flow/job.ts';

test('a job is finished once it is done or failed, whatever else its hash says', () => {
  const statuses = ['done', 'failed', 'waiting', 'started', '', undefined];
  assert.deepEqual(
    statuses.map((status) => isFinished(status === undefined ? {} : { status })),
    [true, true, false, false, false, false],
  );
});
