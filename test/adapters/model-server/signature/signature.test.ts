import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inputTypes } from '../../../../src/adapters/model-server/signature/signature.ts';

const model = { name: 'Nuclear', version: 6 };
const inputs = { image: { shape: [1, 2], data: new Float32Array(2) } };

describe('inputTypes', () => {
  it('is what the model takes', () => {
    const image = { name: 'image', type: 'bfloat16', shape: [-1, 2] } as const;
    const unused = { name: 'other', type: 'other', typeName: 'DT_STRING', shape: [] } as const;
    const types = inputTypes({ model, inputs }, { inputs: [image, unused], outputs: [] });
    assert.deepEqual([...types], [['image', 'bfloat16']]);
  });

  it('refuses types that hold no numbers, by the name that the server gives them', () => {
    const image = { name: 'image', type: 'other', typeName: 'DT_STRING', shape: [-1] } as const;
    assert.throws(() => inputTypes({ model, inputs }, { inputs: [image], outputs: [] }), {
      code: 'model_mismatch',
      message: /^Input image of Nuclear:6 has the type DT_STRING, which/,
    });
  });
});
