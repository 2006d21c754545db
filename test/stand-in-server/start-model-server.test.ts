import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { Client, credentials, status } from '@grpc/grpc-js';
import { startModelServer } from '../../src/stand-in-server/start-model-server.ts';
import { decodeText, encodeText } from '../adapters/model-server/protoc.ts';
import { double, triple } from './sample-models.ts';

/* The client here is gRPC's own, and the messages are made and read by the compiler of protobuf. */

const seen: string[] = [];
const server = await startModelServer({
  models: [triple, double],
  onRequest: (path) => seen.push(path),
});
const client = new Client(server.address, credentials.createInsecure());
after(() => {
  client.close();
  server.close();
});

interface Method {
  readonly path: string;
  readonly request: string;
  readonly reply: string;
}

const PREDICT: Method = {
  path: '/tensorflow.serving.PredictionService/Predict',
  request: 'tensorflow.serving.PredictRequest',
  reply: 'tensorflow.serving.PredictResponse',
};
const METADATA: Method = {
  path: '/tensorflow.serving.PredictionService/GetModelMetadata',
  request: 'tensorflow.serving.GetModelMetadataRequest',
  reply: 'tensorflow.serving.GetModelMetadataResponse',
};
const STATUS: Method = {
  path: '/tensorflow.serving.ModelService/GetModelStatus',
  request: 'tensorflow.serving.GetModelStatusRequest',
  reply: 'tensorflow.serving.GetModelStatusResponse',
};
const INFER: Method = {
  path: '/inference.GRPCInferenceService/ModelInfer',
  request: 'inference.ModelInferRequest',
  reply: 'inference.ModelInferResponse',
};

async function ask({ path, request, reply }: Method, text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const asIs = (message: Buffer): Buffer => message;
  client.makeUnaryRequest(path, asIs, asIs, encodeText(request, text), (error, answer) =>
    answer === undefined ? reject(error) : resolve(answer),
  );
  return decodeText(reply, await promise);
}

/** A tensor of rows of two in float_val, the form in which Python clients send them. */
function image(values: readonly number[]): string {
  return `inputs { key: "image" value { dtype: DT_FLOAT
    tensor_shape { dim { size: ${values.length / 2} } dim { size: 2 } } float_val: [${values.join()}] } }`;
}

describe('Predict', () => {
  test('answers float_val, with the version that was used: the newest if none is named', async () => {
    assert.equal(
      await ask(PREDICT, `model_spec { name: "Double" } ${image([1, 2, 3, 4])}`),
      `outputs {
  key: "doubled"
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
    float_val: 2
    float_val: 4
    float_val: 6
    float_val: 8
  }
}
model_spec {
  name: "Double"
  version {
    value: 3
  }
}
`,
    );
    assert.equal(seen.at(-1), PREDICT.path);
  });

  test('a single element fills the tensor, in requests too', async () => {
    const text = `model_spec { name: "Double" version { value: 0 } } inputs { key: "image" value {
      dtype: DT_FLOAT tensor_shape { dim { size: 1 } dim { size: 2 } } float_val: 5 } }`;
    assert.match(await ask(PREDICT, text), /float_val: 15\s+float_val: 15\s+\}/);
  });

  const mistakes: [string, string, keyof typeof status, RegExp][] = [
    [
      'an unknown model',
      `model_spec { name: "None" } ${image([1, 2])}`,
      'NOT_FOUND',
      /^Servable not found for request: Latest\(None\)$/,
    ],
    [
      'an unknown version',
      `model_spec { name: "Double" version { value: 9 } } ${image([1, 2])}`,
      'NOT_FOUND',
      /^Servable not found for request: Specific\(Double, 9\)$/,
    ],
    [
      'too many rows',
      `model_spec { name: "Double" } ${image(Array.from({ length: 66 }, () => 1))}`,
      'INVALID_ARGUMENT',
      /^Task size 33 is larger than maximum input batch size 32$/,
    ],
    [
      'a wrong shape',
      `model_spec { name: "Double" } ${image([1, 2])}`.replace(
        'dim { size: 2 }',
        'dim { size: 1 } dim { size: 2 }',
      ),
      'INVALID_ARGUMENT',
      /shape \[1,1,2\]/,
    ],
    [
      'a wrong type',
      `model_spec { name: "Double" } ${image([1, 2])}`
        .replaceAll('FLOAT', 'INT32')
        .replace('float', 'int'),
      'INVALID_ARGUMENT',
      /float32 but int32 is provided/,
    ],
    [
      'a missing input',
      'model_spec { name: "Double" }',
      'INVALID_ARGUMENT',
      /Missing but required: \{image\}/,
    ],
    [
      'an unknown output',
      `model_spec { name: "Double" } output_filter: "x" ${image([1, 2])}`,
      'INVALID_ARGUMENT',
      /not found in signature: x .*\{doubled\}/,
    ],
    ['no model at all', '', 'INVALID_ARGUMENT', /Missing ModelSpec/],
  ];
  for (const [name, text, code, details] of mistakes) {
    test(`refuses ${name}`, async () => {
      await assert.rejects(ask(PREDICT, text), { code: status[code], details });
    });
  }
});

test('GetModelMetadata', async () => {
  const spec = 'model_spec { name: "Double" version { value: 3 } }';
  const text = await ask(METADATA, `${spec} metadata_field: "signature_def"`);
  assert.match(text, /type.googleapis.com\/tensorflow.serving.SignatureDefMap/);
  await assert.rejects(ask(METADATA, `${spec} metadata_field: "x"`), {
    code: status.INVALID_ARGUMENT,
  });
});

test('GetModelStatus', async () => {
  const text = await ask(STATUS, 'model_spec { name: "Double" }');
  assert.deepEqual(text.match(/version: \d+|state: \w+/g), [
    'state: AVAILABLE',
    'version: 3',
    'state: AVAILABLE',
  ]);
  await assert.rejects(ask(STATUS, 'model_spec { name: "None" }'), { code: status.NOT_FOUND });
});

test('ModelInfer, raw and typed contents', async () => {
  const head = 'model_name: "Double" inputs { name: "image" datatype: "FP32" shape: [1, 2]';
  const raw = await ask(
    INFER,
    String.raw`${head} } raw_input_contents: "\000\000\200?\000\000\000@"`,
  );
  assert.match(raw, /model_version: "3"/);
  assert.match(raw, /raw_output_contents: "\\000\\000\\000@\\000\\000\\200@"/);
  assert.equal(await ask(INFER, `${head} contents { fp32_contents: [1, 2] } }`), raw);
  await assert.rejects(ask(INFER, 'model_name: "Double" model_version: "latest"'), {
    code: status.INVALID_ARGUMENT,
  });
});

test('a port that is taken is a mistake in the settings', async () => {
  await assert.rejects(startModelServer({ models: [], port: server.port }), {
    code: 'bad_settings',
    message: new RegExp(`cannot listen on 127.0.0.1:${server.port}`),
  });
});

test('bytes that are no message fail their call, not the server', async () => {
  await assert.rejects(
    new Promise((_resolve, reject) => {
      const asIs = (message: Buffer): Buffer => message;
      client.makeUnaryRequest(PREDICT.path, asIs, asIs, Buffer.from([0xff, 0xff]), reject);
    }),
    { code: status.INTERNAL },
  );
  await ask(STATUS, 'model_spec { name: "Double" }');
});
