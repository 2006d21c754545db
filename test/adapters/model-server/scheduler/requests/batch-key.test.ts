import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { batchKind } from '../../../../../src/adapters/model-server/scheduler/requests/batch-key.ts';
import type { PredictRequest } from '../../../../../src/ports.ts';
import { sampleRequest } from '../sample-requests.ts';

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

describe('batchKind', () => {
  it('is the same for other rows and another job', () => {
    const similar = sampleRequest({ rows: 9, width: 3, job: 'other' });
    assert.equal(batchKind(similar), batchKind(request));
  });

  it('does not depend on the order of inputs and outputs', () => {
    const forwards = { ...request, inputs: { a: image, b: image }, outputs: ['c', 'd'] };
    const backwards = { ...request, inputs: { b: image, a: image }, outputs: ['d', 'c'] };
    assert.equal(batchKind(forwards), batchKind(backwards));
  });

  for (const [what, other] of Object.entries(others)) {
    it(`differs for ${what}`, () => assert.notEqual(batchKind(other), batchKind(request)));
  }
});
