import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TensorType } from '../../../../src/ports.ts';
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

  it('refuses values that the type does not hold, which would be others', () => {
    const given = (value: number) => ({
      model,
      inputs: { image: { shape: [1, 2], data: Float32Array.of(1, value) } },
    });
    const taking = (type: TensorType) => ({
      inputs: [{ name: 'image', type, shape: [-1, 2] }],
      outputs: [],
    });
    const beyond: Partial<Record<TensorType, number[]>> = {
      uint8: [-1, 256],
      int8: [-129, 128],
      uint16: [-1, 65_536],
      int16: [-32_769, 32_768],
      float16: [-70_000, 65_535],
    };
    for (const [type, values] of Object.entries(beyond)) {
      for (const value of values) {
        // The keys are those of `beyond`.
        const signature = taking(type as TensorType);
        assert.throws(() => inputTypes(given(value), signature), { code: 'model_mismatch' });
      }
    }
    inputTypes(given(255), taking('uint8'));
    inputTypes(given(65_504), taking('float16'));
    inputTypes(given(1e30), taking('float32'));
    assert.throws(() => inputTypes(given(40_000), taking('uint8')), {
      message:
        'Input image of Nuclear:6 takes uint8, 0 to 255, but the image has the value 40000. ' +
        'Serve the model with float32, or give it an image of fewer bits.',
    });
  });
});
