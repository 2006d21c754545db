import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OutputMemory } from '../../../../../src/adapters/model-server/scheduler/requests/output-memory.ts';
import {
  batchKey,
  PendingRequest,
} from '../../../../../src/adapters/model-server/scheduler/requests/pending-request.ts';
import type { PredictRequest } from '../../../../../src/ports.ts';
import { sampleItems, sampleRequest } from '../sample-requests.ts';

const request = sampleRequest({ rows: 2, width: 3 });
const { inputs } = request;
const image = { shape: [2, 3], data: new Float32Array(6) };

const others: Record<string, PredictRequest> = {
  'another model': { ...request, model: { name: 'other', version: 1 } },
  'another version': { ...request, model: { name: 'model', version: 2 } },
  'other outputs': { ...request, outputs: ['a'] },
  'rows of another shape': sampleRequest({ rows: 2, width: 4 }),
  'another input': { ...request, inputs: { picture: image } },
  'one more input': { ...request, inputs: { ...inputs, more: image } },
  'rows that must stay together': { ...request, splittable: false },
};

describe('batchKey', () => {
  it('is the same for other rows and another job', () => {
    const similar = sampleRequest({ rows: 9, width: 3, job: 'other' });
    assert.equal(batchKey(similar), batchKey(request));
  });

  it('does not depend on the order of inputs and outputs', () => {
    const forwards = { ...request, inputs: { a: image, b: image }, outputs: ['c', 'd'] };
    const backwards = { ...request, inputs: { b: image, a: image }, outputs: ['d', 'c'] };
    assert.equal(batchKey(forwards), batchKey(backwards));
  });

  for (const [what, other] of Object.entries(others)) {
    it(`differs for ${what}`, () => assert.notEqual(batchKey(other), batchKey(request)));
  }
});

describe('PendingRequest', () => {
  const pend = (asked: PredictRequest): PendingRequest =>
    new PendingRequest(
      asked,
      { rowsAtMost: 64, types: new Map() },
      new OutputMemory({ keptBytes: 0 }),
    );

  it('refuses inputs with different numbers of rows, or none', () => {
    const more = { shape: [3, 1], data: new Float32Array(3) };
    assert.throws(() => pend({ ...request, inputs: { ...inputs, more } }), RangeError);
    assert.throws(() => pend({ ...request, inputs: {} }), RangeError);
    assert.throws(() => pend(sampleRequest({ rows: 0 })), RangeError);
  });
});

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
