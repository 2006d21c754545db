import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { join } from '../../../../src/adapters/model-server/protobuf/pieces.ts';
import { tfServing } from '../../../../src/adapters/model-server/tf-serving/protocol.ts';
import { callOf, elementsOf } from '../one-endpoint.ts';
import { decodeText, encodeText } from '../protoc.ts';

const nuclei = { name: 'NuclearSegmentation', version: 6 };

describe('requests, as the compiler of protobuf reads them', () => {
  test('Predict', () => {
    const call = callOf(
      nuclei,
      {
        image: [
          [1, -2.5],
          [3, 1e-3],
        ],
      },
      { outputs: ['semantic_0'] },
    );
    assert.equal(
      decodeText(
        'tensorflow.serving.PredictRequest',
        join(tfServing.predictRequest(call, 'serving_default')),
      ),
      String.raw`model_spec {
  name: "NuclearSegmentation"
  version {
    value: 6
  }
  signature_name: "serving_default"
}
inputs {
  key: "image"
  value {
    dtype: DT_FLOAT
    tensor_shape {
      dim {
        size: 2
      }
      dim {
        size: 2
      }
    }
    tensor_content: "\000\000\200?\000\000 \300\000\000@@o\022\203:"
  }
}
output_filter: "semantic_0"
`,
    );
  });

  test('Predict for inputs of other types, by another signature', () => {
    const types = { half: 'float16', brain: 'bfloat16', long: 'int64' } as const;
    const call = callOf(nuclei, { half: [[1, -2]], brain: [[1, -2]], long: [[-3]] }, { types });
    const text = decodeText(
      'tensorflow.serving.PredictRequest',
      join(tfServing.predictRequest(call, 'predict')),
    );
    assert.match(text, /signature_name: "predict"/);
    assert.match(text, /dtype: DT_BFLOAT16[^"]*tensor_content: "\\200\?\\000\\300"/);
    assert.match(text, /dtype: DT_HALF[^"]*tensor_content: "\\000<\\000\\300"/);
    assert.match(text, /dtype: DT_INT64[^"]*tensor_content: "\\375(\\377){7}"/);
  });

  test('GetModelMetadata', () => {
    const request = tfServing.signatureRequest({ name: 'PhaseCytoSegmentation', version: 0 });
    assert.equal(
      decodeText('tensorflow.serving.GetModelMetadataRequest', request),
      `model_spec {
  name: "PhaseCytoSegmentation"
  version {
  }
}
metadata_field: "signature_def"
`,
    );
  });
});

describe('replies, as the compiler of protobuf writes them', () => {
  const reply = (tensor: string): [string, readonly number[], number[]][] => {
    const text = `model_spec { name: "m" } outputs { key: "y" value { ${tensor} } }`;
    const { outputs } = tfServing.predictReply(
      encodeText('tensorflow.serving.PredictResponse', text),
    );
    return Array.from(outputs, ([name, found]) => [name, found.shape, elementsOf(found)]);
  };
  const shape = 'tensor_shape { dim { size: 2 } dim { size: 2 } }';

  const forms = {
    'packed float_val': `dtype: DT_FLOAT ${shape} float_val: [1, 2, 3, 4]`,
    double_val: `dtype: DT_DOUBLE ${shape} double_val: [1, 2, 3, 4]`,
    int_val: `dtype: DT_INT32 ${shape} int_val: [1, 2, 3, 4]`,
    int64_val: `dtype: DT_INT64 ${shape} int64_val: [1, 2, 3, 4]`,
    'half_val: bits of 16-bit floats': `dtype: DT_HALF ${shape} half_val: [15360, 16384, 16896, 17408]`,
    'half_val: the upper halves of floats': `dtype: DT_BFLOAT16 ${shape} half_val: [16256, 16384, 16448, 16512]`,
    uint32_val: `dtype: DT_UINT32 ${shape} uint32_val: [1, 2, 3, 4]`,
    'int_val of a 16-bit type': `dtype: DT_UINT16 ${shape} int_val: [1, 2, 3, 4]`,
    'tensor_content of bfloat16': String.raw`dtype: DT_BFLOAT16 ${shape} tensor_content: "\200?\000@@@\200@"`,
    tensor_content: String.raw`dtype: DT_UINT8 ${shape} tensor_content: "\001\002\003\004"`,
  };
  for (const [name, tensor] of Object.entries(forms)) {
    test(name, () => assert.deepEqual(reply(tensor), [['y', [2, 2], [1, 2, 3, 4]]]));
  }

  test('a single element fills the tensor, fewer are continued with the last, none are zeros', () => {
    assert.deepEqual(reply(`dtype: DT_FLOAT ${shape} float_val: 7`), [['y', [2, 2], [7, 7, 7, 7]]]);
    assert.deepEqual(reply(`dtype: DT_FLOAT ${shape} float_val: [1, 2]`), [
      ['y', [2, 2], [1, 2, 2, 2]],
    ]);
    assert.deepEqual(reply(`dtype: DT_FLOAT ${shape}`), [['y', [2, 2], [0, 0, 0, 0]]]);
  });

  test('bytes that are cut off are refused', () => {
    assert.throws(
      () => reply(String.raw`dtype: DT_UINT8 ${shape} tensor_content: "\001\002\003"`),
      {
        code: 'model_mismatch',
        message: 'Output y has 3 elements, which does not fit its shape [2, 2].',
      },
    );
  });

  test('a scalar', () => {
    assert.deepEqual(reply('dtype: DT_FLOAT tensor_shape { } float_val: 7'), [['y', [], [7]]]);
  });

  test('fields that we do not know are skipped', () => {
    assert.deepEqual(
      reply(`version_number: 1 dtype: DT_FLOAT ${shape} string_val: "9" float_val: 7`),
      [['y', [2, 2], [7, 7, 7, 7]]],
    );
  });

  test('text and too many elements are refused', () => {
    assert.throws(() => reply(`dtype: DT_STRING ${shape} string_val: "a"`), {
      code: 'model_mismatch',
      message: 'Output y has the type DT_STRING, which cannot be read as numbers.',
    });
    assert.throws(() => reply(`dtype: DT_FLOAT ${shape} float_val: [1, 2, 3, 4, 5]`), {
      code: 'model_mismatch',
      message: 'Output y has 5 elements, which does not fit its shape [2, 2].',
    });
  });

  test('floats that are not packed', () => {
    // outputs { key: "y" value { dtype: DT_FLOAT tensor_shape { dim { size: 2 } } float_val: 1, then 2 } }
    const tensor = '08011204120208022d0000803f2d00000040';
    const entry = `0a017912${(tensor.length / 2).toString(16)}${tensor}`;
    const message = Buffer.from(`0a${(entry.length / 2).toString(16)}${entry}`, 'hex');
    assert.match(
      decodeText('tensorflow.serving.PredictResponse', message),
      /float_val: 1\s+float_val: 2/,
    );
    const { outputs } = tfServing.predictReply(message);
    assert.deepEqual([...outputs.values()].map(elementsOf), [[1, 2]]);
  });
});

/** A reply with these signatures. */
function metadata(signatures: string): Buffer {
  const packed = encodeText('tensorflow.serving.SignatureDefMap', signatures);
  const escaped = Array.from(packed, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  return encodeText(
    'tensorflow.serving.GetModelMetadataResponse',
    `metadata { key: "signature_def" value { value: "${escaped}" } }`,
  );
}

describe('the signature in a reply', () => {
  const reply = metadata(`
    signature_def { key: "serving_default" value {
      inputs { key: "image" value { name: "in:0" dtype: DT_FLOAT tensor_shape { dim { size: -1 } dim { size: 256 } } } }
      outputs { key: "b" value { dtype: DT_BFLOAT16 } } outputs { key: "a" value { dtype: DT_STRING } } } }
    signature_def { key: "other" value {
      inputs { key: "x" value { dtype: DT_HALF tensor_shape { unknown_rank: true } } } } }`);

  test('types by name, outputs in the order of their names', () => {
    assert.deepEqual(tfServing.signatureReply(reply, nuclei, 'serving_default'), {
      inputs: [{ name: 'image', type: 'float32', typeName: 'DT_FLOAT', shape: [-1, 256] }],
      outputs: [
        { name: 'a', type: 'other', typeName: 'DT_STRING', shape: [] },
        { name: 'b', type: 'bfloat16', typeName: 'DT_BFLOAT16', shape: [] },
      ],
    });
  });

  test('another one, of unknown rank', () => {
    assert.deepEqual(tfServing.signatureReply(reply, nuclei, 'other').inputs, [
      { name: 'x', type: 'float16', typeName: 'DT_HALF', shape: undefined },
    ]);
  });

  test('one that is not there: refused, with those that are', () => {
    assert.throws(() => tfServing.signatureReply(reply, nuclei, 'predict'), {
      code: 'model_mismatch',
      message:
        'NuclearSegmentation:6 has no signature predict, but serving_default, other; MODEL_SIGNATURE chooses one.',
    });
  });
});
