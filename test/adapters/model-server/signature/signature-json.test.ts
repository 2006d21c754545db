import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeSignature } from '../../../../src/adapters/model-server/signature/signature-json.ts';
import type { TensorInfo } from '../../../../src/ports.ts';

function written(...inputs: readonly TensorInfo[]): unknown {
  return JSON.parse(writeSignature({ inputs, outputs: [] }));
}

describe('writeSignature', () => {
  it('writes what Python consumers read', () => {
    const input = { name: 'input', type: 'float32', shape: [-1, 256, 256, 2] } as const;
    assert.deepEqual(written(input), {
      input: {
        dtype: 'DT_FLOAT',
        tensorShape: { dim: [{ size: '-1' }, { size: '256' }, { size: '256' }, { size: '2' }] },
        name: 'serving_default_input:0',
      },
    });
  });

  it('keeps unknown ranks and types', () => {
    const words = {
      name: 'words',
      type: 'other',
      typeName: 'DT_STRING',
      shape: undefined,
    } as const;
    const bytes = { name: 'bytes', type: 'other', typeName: 'BYTES', shape: [-1] } as const;
    assert.deepEqual(written(words, bytes), {
      words: {
        dtype: 'DT_STRING',
        tensorShape: { unknownRank: true },
        name: 'serving_default_words:0',
      },
      bytes: {
        dtype: 'DT_INVALID',
        tensorShape: { dim: [{ size: '-1' }] },
        name: 'serving_default_bytes:0',
      },
    });
  });
});
