import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rowsOf } from '../../../../src/adapters/model-server/scheduler/split-rows.ts';
import { sampleItems, sampleRequest } from './sample-requests.ts';

describe('splitRows', () => {
  it('makes an item of each row', () => {
    const items = sampleItems({ rows: 3, width: 4 });
    assert.deepEqual(
      items.map(({ firstRow, rows, bytes }) => [firstRow, rows, bytes]),
      [
        [0, 1, 16],
        [1, 1, 16],
        [2, 1, 16],
      ],
    );
  });

  it('keeps rows together that must stay so', () => {
    const items = sampleItems({ rows: 3, width: 4, splittable: false });
    assert.deepEqual(
      items.map(({ firstRow, rows, bytes }) => [firstRow, rows, bytes]),
      [[0, 3, 48]],
    );
  });
});

describe('rowsOf', () => {
  it('refuses inputs with different numbers of rows, or none', () => {
    const request = sampleRequest({ rows: 2 });
    const more = { shape: [3, 1], data: new Float32Array(3) };
    assert.throws(() => rowsOf({ ...request, inputs: { ...request.inputs, more } }), RangeError);
    assert.throws(() => rowsOf({ ...request, inputs: {} }), RangeError);
    assert.throws(() => rowsOf(sampleRequest({ rows: 0 })), RangeError);
  });
});
