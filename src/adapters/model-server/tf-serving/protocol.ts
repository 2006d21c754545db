import { KnownError } from '../../../errors.ts';
import type { ModelName, TensorInfo } from '../../../ports.ts';
import { bytesOf } from '../tensors/elements.ts';
import type { BatchTensor } from '../endpoint.ts';
import { modelId } from '../model-id.ts';
import type { Protocol } from '../protocol.ts';
import { delimited } from '../protobuf/pieces.ts';
import { readTensors } from '../tensors/read-tensors.ts';
import { sortedByName } from '../signature/signature.ts';
import { nameOfNumber, numberOfType, typeOfNumber } from './data-type.ts';
import {
  GetModelMetadataRequest,
  GetModelMetadataResponse,
  GetModelStatusRequest,
  PredictOutputs,
  PredictRequest,
  SignatureDefMap,
  TensorProto,
  type SignatureInfo,
} from './messages.ts';
import { findTensor } from './tensor.ts';

/** Field numbers of PredictRequest.inputs, of its entries, and of TensorProto.tensor_content. */
const INPUTS = 2;
const ENTRY_KEY = 1;
const ENTRY_VALUE = 2;
const TENSOR_CONTENT = 4;

/** TensorFlow Serving's PredictionService and ModelService. */
export const tfServing: Protocol = {
  paths: {
    predict: '/tensorflow.serving.PredictionService/Predict',
    signature: '/tensorflow.serving.PredictionService/GetModelMetadata',
    probe: '/tensorflow.serving.ModelService/GetModelStatus',
  },

  predictRequest({ model, inputs, outputs = [] }, signature) {
    const modelSpec = { ...specOf(model), signatureName: signature };
    const head = PredictRequest.encode({ modelSpec, outputFilter: outputs });
    return [head, ...inputs.flatMap(inputEntry)];
  },

  predictReply(message) {
    const { outputs } = PredictOutputs.decode(message);
    return readTensors(Array.from(outputs, ([name, tensor]) => findTensor(name, tensor)));
  },

  signatureRequest: (model) =>
    Buffer.from(
      GetModelMetadataRequest.encode({
        modelSpec: specOf(model),
        metadataField: ['signature_def'],
      }),
    ),

  signatureReply(message, model, name) {
    const { metadata } = GetModelMetadataResponse.decode(message);
    const packed = metadata.get('signature_def')?.value ?? new Uint8Array(0);
    const signatures = SignatureDefMap.decode(packed).signatureDef;
    const signature = signatures.get(name);
    if (signature === undefined) {
      throw new KnownError(
        'model_mismatch',
        `${modelId(model)} has no signature ${name}, but ${[...signatures.keys()].join(', ')}; ` +
          'MODEL_SIGNATURE chooses one.',
      );
    }
    return { inputs: infosOf(signature.inputs), outputs: infosOf(signature.outputs) };
  },

  // A server that knows no model of this name has answered, too.
  probeRequest: () => Buffer.from(GetModelStatusRequest.encode({ modelSpec: { name: 'probe' } })),

  isReady: () => true,
};

function specOf({ name, version }: ModelName): { name: string; version: { value: number } } {
  return { name, version: { value: version } };
}

/** An entry of the map of inputs, its rows not yet copied. */
function inputEntry({ name, type, shape, parts }: BatchTensor): Uint8Array[] {
  const head = TensorProto.encode({
    dtype: numberOfType(type),
    tensorShape: { dim: shape.map((size) => ({ size })) },
  });
  const rows = parts.map((part) => bytesOf(type, part));
  return delimited(INPUTS, [
    ...delimited(ENTRY_KEY, [Buffer.from(name)]),
    ...delimited(ENTRY_VALUE, [head, ...delimited(TENSOR_CONTENT, rows)]),
  ]);
}

function infosOf(tensors: ReadonlyMap<string, SignatureInfo>): TensorInfo[] {
  const infos = Array.from(tensors, ([name, { dtype, tensorShape }]) => ({
    name,
    type: typeOfNumber(dtype),
    typeName: nameOfNumber(dtype),
    shape: tensorShape?.unknownRank ? undefined : (tensorShape?.dim ?? []).map(({ size }) => size),
  }));
  return sortedByName(infos);
}
