import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  CallError,
  type FailureReason,
} from '../../../../../src/adapters/model-server/call-error.ts';
import {
  type Batch,
  batchOf,
  isSome,
} from '../../../../../src/adapters/model-server/scheduler/requests/batch.ts';
import type { Verdict } from '../../../../../src/adapters/model-server/scheduler/failures/blame.ts';
import { planForFailure } from '../../../../../src/adapters/model-server/scheduler/failures/failure-plan.ts';
import { KnownError } from '../../../../../src/errors.ts';
import { sampleItems } from '../sample-requests.ts';

function batch(
  ...requests: readonly { readonly rows: number; readonly splittable?: boolean }[]
): Batch {
  const items = requests.flatMap(sampleItems);
  assert.ok(isSome(items));
  return batchOf(items);
}

function plan(reason: FailureReason, of: Batch, verdict: Verdict = 'not the request'): unknown {
  return planForFailure(new CallError(reason, 'no'), of, verdict);
}

const one = batch({ rows: 1 });
const several = batch({ rows: 3 });
const mixed = batch({ rows: 1 }, { rows: 1 });
const whole = batch({ rows: 9, splittable: false });
const retry = { type: 'retry', counts: false };
const counted = { type: 'retry', counts: true };

describe('planForFailure', () => {
  it('retries what no server has worked on, without counting', () => {
    assert.deepEqual(plan({ type: 'no answer' }, mixed), retry);
    assert.deepEqual(plan({ type: 'not served' }, mixed), retry);
    assert.deepEqual(plan({ type: 'queue full' }, mixed), retry);
  });

  it('counts deadlines', () => {
    assert.deepEqual(plan({ type: 'deadline' }, mixed), counted);
  });

  it('shrinks batches that are too large, if they can be', () => {
    assert.deepEqual(plan({ type: 'out of memory' }, several), { type: 'smaller' });
    assert.deepEqual(plan({ type: 'out of memory' }, whole), counted);
    assert.deepEqual(plan({ type: 'too many rows', maxRows: 2 }, several), { type: 'smaller' });
    assert.deepEqual(plan({ type: 'too many rows', maxRows: 2 }, one), { type: 'fail' });
  });

  it('looks for the one at fault among several requests', () => {
    assert.deepEqual(plan({ type: 'rejected' }, mixed), { type: 'bisect' });
    assert.deepEqual(plan({ type: 'rejected' }, several), { type: 'fail' });
  });

  it('retries faults of a server until a request is suspected, then convicted', () => {
    assert.deepEqual(plan({ type: 'fault' }, mixed), counted);
    assert.deepEqual(plan({ type: 'fault' }, mixed, 'suspect'), { type: 'bisect' });
    assert.deepEqual(plan({ type: 'fault' }, several, 'suspect'), counted);
    assert.deepEqual(plan({ type: 'fault' }, several, 'the request'), { type: 'fail' });
  });

  it('looks for a server that has the model', () => {
    assert.deepEqual(plan({ type: 'unknown model' }, one), { type: 'elsewhere' });
  });

  it('retries nothing else', () => {
    const errors = [new KnownError('internal', 'no'), new KnownError('model_mismatch', 'no')];
    for (const error of errors)
      assert.deepEqual(planForFailure(error, mixed, 'the request'), { type: 'fail' });
  });
});
