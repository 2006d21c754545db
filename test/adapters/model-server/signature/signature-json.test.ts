import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  readSignature,
  writeSignature,
} from '../../../../src/adapters/model-server/signature/signature-json.ts';

/** The form that other consumers write. */
const shared =
  '{"input": {"dtype": "DT_FLOAT", "tensorShape": {"dim": [{"size": "-1"}, {"size": "256"}, {"size": "256"}, ' +
  '{"size": "2"}], "unknownRank": false}, "name": "serving_default_input:0"}}';

const signature = {
  inputs: [{ name: 'input', type: 'float32', shape: [-1, 256, 256, 2] }],
  outputs: [],
} as const;

describe('the shared form of a signature', () => {
  it('is read', () => {
    assert.deepEqual(readSignature(shared), signature);
  });

  it('is written', () => {
    assert.deepEqual(JSON.parse(writeSignature(signature)), {
      input: {
        dtype: 'DT_FLOAT',
        tensorShape: { dim: [{ size: '-1' }, { size: '256' }, { size: '256' }, { size: '2' }] },
        name: 'serving_default_input:0',
      },
    });
  });

  it('names inputs in the order of their names', () => {
    const two = readSignature(
      '{"b": {"dtype": "DT_HALF", "tensorShape": {"dim": []}}, "a": {"dtype": "DT_BOOL", "tensorShape": {"dim": [{}]}}}',
    );
    assert.deepEqual(two?.inputs, [
      { name: 'a', type: 'other', shape: [0] },
      { name: 'b', type: 'float16', shape: [] },
    ]);
  });

  for (const foreign of [
    '',
    'null',
    '[]',
    '{}',
    '{"input": 3}',
    '{"input": {"tensorShape": {}}}',
  ]) {
    it(`is not ${foreign || 'nothing'}`, () => {
      assert.equal(readSignature(foreign), undefined);
    });
  }
});
