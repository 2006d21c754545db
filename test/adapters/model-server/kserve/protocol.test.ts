import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { kserve } from '../../../../src/adapters/model-server/kserve/protocol.ts';
import { join } from '../../../../src/adapters/model-server/protobuf/pieces.ts';
import { callOf, elementsOf } from '../one-endpoint.ts';
import { decodeText, encodeText } from '../protoc.ts';

const nuclei = { name: 'NuclearSegmentation', version: 6 };

describe('requests, as the compiler of protobuf reads them', () => {
  test('ModelInfer', () => {
    const call = callOf(nuclei, { image: [[1], [2]], scale: [[3]] }, { outputs: ['semantic_0'] });
    assert.equal(
      decodeText('inference.ModelInferRequest', join(kserve.predictRequest(call, ''))),
      String.raw`model_name: "NuclearSegmentation"
model_version: "6"
inputs {
  name: "image"
  datatype: "FP32"
  shape: 2
  shape: 1
}
inputs {
  name: "scale"
  datatype: "FP32"
  shape: 1
  shape: 1
}
outputs {
  name: "semantic_0"
}
raw_input_contents: "\000\000\200?\000\000\000@"
raw_input_contents: "\000\000@@"
`,
    );
  });

  test('ModelMetadata and ServerReady', () => {
    assert.equal(
      decodeText('inference.ModelMetadataRequest', kserve.signatureRequest(nuclei)),
      'name: "NuclearSegmentation"\nversion: "6"\n',
    );
    assert.equal(decodeText('inference.ServerReadyRequest', kserve.probeRequest()), '');
  });
});

describe('replies, as the compiler of protobuf writes them', () => {
  const reply = (text: string): [string, readonly number[], number[]][] => {
    const { outputs } = kserve.predictReply(encodeText('inference.ModelInferResponse', text));
    return Array.from(outputs, ([name, tensor]) => [name, tensor.shape, elementsOf(tensor)]);
  };

  test('raw contents, in the order of the outputs', () => {
    const text = String.raw`
      outputs { name: "b" datatype: "FP32" shape: [1, 1] }
      outputs { name: "a" datatype: "INT32" shape: [1, 2] }
      raw_output_contents: "\000\000\200?"
      raw_output_contents: "\002\000\000\000\003\000\000\000"`;
    assert.deepEqual(reply(text), [
      ['b', [1, 1], [1]],
      ['a', [1, 2], [2, 3]],
    ]);
  });

  const contents = {
    FP32: 'fp32_contents',
    FP64: 'fp64_contents',
    INT32: 'int_contents',
    INT64: 'int64_contents',
    UINT8: 'uint_contents',
    UINT16: 'uint_contents',
  };
  for (const [datatype, field] of Object.entries(contents)) {
    test(`typed contents of ${datatype}`, () => {
      const text = `outputs { name: "a" datatype: "${datatype}" shape: [2, 1] contents { ${field}: [1, 2] } }`;
      assert.deepEqual(reply(text), [['a', [2, 1], [1, 2]]]);
    });
  }

  test('bfloat16, which is always raw', () => {
    // From the definition: 1 is 3F80, -2.5 is C020.
    const text = String.raw`
      outputs { name: "a" datatype: "BF16" shape: [1, 2] }
      raw_output_contents: "\200?\040\300"`;
    assert.deepEqual(reply(text), [['a', [1, 2], [1, -2.5]]]);
  });

  test('contents that are cut off, or missing, are refused', () => {
    const output = 'outputs { name: "a" datatype: "FP32" shape: [1, 2] ';
    for (const [text, count] of [
      [String.raw`${output} } raw_output_contents: "\000\000\200?"`, 1],
      [`${output} contents { fp32_contents: 1 } }`, 1],
      [`${output} }`, 0],
    ] as const) {
      assert.throws(() => reply(text), {
        code: 'model_mismatch',
        message: `Output a has ${count} elements, which does not fit its shape [1, 2].`,
      });
    }
  });

  test('a server that is not ready', () => {
    assert.equal(kserve.isReady(encodeText('inference.ServerReadyResponse', 'ready: true')), true);
    assert.equal(kserve.isReady(encodeText('inference.ServerReadyResponse', '')), false);
  });

  test('the signature', () => {
    const text = `name: "m" versions: "6" platform: "onnxruntime_onnx"
      inputs { name: "image" datatype: "FP16" shape: [-1, 256, 256, 1] }
      outputs { name: "b" datatype: "FP32" shape: [-1] } outputs { name: "a" datatype: "BYTES" shape: [-1] }`;
    const message = encodeText('inference.ModelMetadataResponse', text);
    assert.deepEqual(kserve.signatureReply(message, nuclei, ''), {
      inputs: [{ name: 'image', type: 'float16', typeName: 'FP16', shape: [-1, 256, 256, 1] }],
      outputs: [
        { name: 'a', type: 'other', typeName: 'BYTES', shape: [-1] },
        { name: 'b', type: 'float32', typeName: 'FP32', shape: [-1] },
      ],
    });
  });
});
