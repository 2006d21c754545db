import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchRows } from '../../../src/imaging/applications/batch-rows.ts';

const LIMITS = { maxBatchSize: 64, minModelSize: 128 };

test('A request has at least one row, however large the model.', () => {
  assert.equal(batchRows([[-1, 1280, 1280, 1]], LIMITS), 1);
  assert.equal(batchRows([[-1, 4096, 4096, 3]], LIMITS), 1);
});

test('Inputs of unknown size have the rows that the setting says.', () => {
  assert.equal(batchRows([[-1, -1, -1, 1]], LIMITS), 64);
});

test('A model that was exported for some rows is not sent more.', () => {
  assert.equal(batchRows([[1, 128, 128, 1]], LIMITS), 1);
  assert.equal(
    batchRows(
      [
        [-1, 128, 128, 1],
        [8, 128, 128, 1],
      ],
      LIMITS,
    ),
    8,
  );
});
