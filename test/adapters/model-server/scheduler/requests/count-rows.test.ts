import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rowsOf } from '../../../../../src/adapters/model-server/scheduler/requests/count-rows.ts';
import { sampleRequest } from '../sample-requests.ts';

describe('rowsOf', () => {
  it('refuses inputs with different numbers of rows, or none', () => {
    const request = sampleRequest({ rows: 2 });
    const more = { shape: [3, 1], data: new Float32Array(3) };
    assert.throws(() => rowsOf({ ...request, inputs: { ...request.inputs, more } }), RangeError);
    assert.throws(() => rowsOf({ ...request, inputs: {} }), RangeError);
    assert.throws(() => rowsOf(sampleRequest({ rows: 0 })), RangeError);
  });
});
