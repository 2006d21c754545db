import type { ModelSignature, TensorInfo } from '../../../ports.ts';
import { bytesOf } from '../tensors/elements.ts';
import type { Protocol } from '../protocol.ts';
import { delimited } from '../protobuf/pieces.ts';
import { readTensors } from '../tensors/read-tensors.ts';
import { sortedByName } from '../signature/signature.ts';
import { nameOfType, typeOfName } from './data-type.ts';
import {
  ModelInferRequest,
  ModelInferResponse,
  ModelMetadataRequest,
  ModelMetadataResponse,
  ServerReadyRequest,
  ServerReadyResponse,
  type TensorMetadata,
} from './messages.ts';
import { findTensor } from './tensor.ts';

/** Field number of ModelInferRequest.raw_input_contents. */
const RAW_INPUT_CONTENTS = 7;

/** The GRPCInferenceService of KServe v2, as Triton and OpenVINO Model Server have it. It knows no signatures. */
export const kserve: Protocol = {
  paths: {
    predict: '/inference.GRPCInferenceService/ModelInfer',
    signature: '/inference.GRPCInferenceService/ModelMetadata',
    probe: '/inference.GRPCInferenceService/ServerReady',
  },

  predictRequest({ model, inputs, outputs = [] }) {
    const head = ModelInferRequest.encode({
      modelName: model.name,
      modelVersion: String(model.version),
      inputs: inputs.map(({ name, shape, type }) => ({ name, shape, datatype: nameOfType(type) })),
      outputs: outputs.map((name) => ({ name })),
    });
    const rows = inputs.flatMap(({ parts, type }) =>
      delimited(
        RAW_INPUT_CONTENTS,
        parts.map((part) => bytesOf(type, part)),
      ),
    );
    return [head, ...rows];
  },

  predictReply(message) {
    const { outputs, rawOutputContents } = ModelInferResponse.decode(message);
    return readTensors(
      outputs.map((output, index) => findTensor(output, rawOutputContents[index])),
    );
  },

  signatureRequest: ({ name, version }) =>
    Buffer.from(ModelMetadataRequest.encode({ name, version: String(version) })),

  signatureReply(message): ModelSignature {
    const { inputs, outputs } = ModelMetadataResponse.decode(message);
    return { inputs: infosOf(inputs), outputs: infosOf(outputs) };
  },

  probeRequest: () => Buffer.from(ServerReadyRequest.encode({})),

  isReady: (message) => ServerReadyResponse.decode(message).ready,
};

function infosOf(tensors: readonly TensorMetadata[]): TensorInfo[] {
  return sortedByName(
    tensors.map(({ name, datatype, shape }) => ({
      name,
      shape,
      type: typeOfName(datatype),
      typeName: datatype,
    })),
  );
}
