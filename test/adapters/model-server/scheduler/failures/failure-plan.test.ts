import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type Batch,
  batchOf,
  isSome,
} from '../../../../../src/adapters/model-server/scheduler/requests/batch.ts';
import { planForFailure } from '../../../../../src/adapters/model-server/scheduler/failures/failure-plan.ts';
import { type ErrorCode, KnownError } from '../../../../../src/errors.ts';
import { sampleItems } from '../sample-requests.ts';

function batch(
  ...requests: readonly { readonly rows: number; readonly splittable?: boolean }[]
): Batch {
  const items = requests.flatMap(sampleItems);
  assert.ok(isSome(items));
  return batchOf(items);
}

function plan(code: ErrorCode, of: Batch, details: Record<string, unknown> = {}): unknown {
  return planForFailure(new KnownError(code, 'no', { details }), of);
}

const one = batch({ rows: 1 });
const several = batch({ rows: 3 });
const mixed = batch({ rows: 1 }, { rows: 1 });
const whole = batch({ rows: 9, splittable: false });

describe('planForFailure', () => {
  it('repeats what a server could not be reached for, without counting', () => {
    assert.deepEqual(plan('model_server_unavailable', mixed), { type: 'retry', counts: false });
  });

  it('counts deadlines and refusals', () => {
    assert.deepEqual(plan('model_deadline', mixed), { type: 'retry', counts: true });
    assert.deepEqual(plan('model_server_overloaded', mixed), { type: 'retry', counts: true });
  });

  it('shrinks batches that are too large, if they can be', () => {
    const outOfMemory = { outOfMemory: true };
    assert.deepEqual(plan('model_server_overloaded', several, outOfMemory), { type: 'smaller' });
    assert.deepEqual(plan('model_server_overloaded', whole, outOfMemory), {
      type: 'retry',
      counts: true,
    });
    assert.deepEqual(plan('model_rejected', several, { maxBatchSize: 2 }), { type: 'smaller' });
    assert.deepEqual(plan('model_rejected', one, { maxBatchSize: 2 }), { type: 'fail' });
  });

  it('looks for the one to blame among several requests', () => {
    assert.deepEqual(plan('model_rejected', mixed), { type: 'bisect' });
    assert.deepEqual(plan('model_rejected', several), { type: 'fail' });
  });

  it('looks up a model that is not there', () => {
    assert.deepEqual(plan('unknown_model', one), { type: 'look up' });
  });

  it('repeats nothing else', () => {
    assert.deepEqual(plan('internal', mixed), { type: 'fail' });
    assert.deepEqual(plan('model_mismatch', mixed), { type: 'fail' });
  });
});
