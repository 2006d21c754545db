import { bytesOf } from '../adapters/model-server/tensors/elements.ts';
import { nameOfType } from '../adapters/model-server/kserve/data-type.ts';
import {
  ModelInferRequest,
  ModelInferResponse,
  ModelMetadataRequest,
  ModelMetadataResponse,
  ModelReadyRequest,
  ModelReadyResponse,
  ServerLiveRequest,
  ServerLiveResponse,
  ServerReadyRequest,
  ServerReadyResponse,
} from '../adapters/model-server/kserve/messages.ts';
import { kserve } from '../adapters/model-server/kserve/protocol.ts';
import { findTensor } from '../adapters/model-server/kserve/tensor.ts';
import type { TensorInfo } from '../ports.ts';
import { invalid } from './call-failure.ts';
import { checkTypes } from './check-types.ts';
import type { Inference, Wanted } from './inference.ts';
import { tensorsOf, type ServedModel, type Tensors } from './served-model.ts';
import { unary, type Method } from './unary-method.ts';

/** GRPCInferenceService of KServe v2. */
export function kserveMethods(inference: Inference): Method[] {
  const { paths } = kserve;
  return [
    unary(paths.predict, { request: ModelInferRequest, reply: ModelInferResponse }, infer),
    unary(
      paths.signature,
      { request: ModelMetadataRequest, reply: ModelMetadataResponse },
      ({ name, version }) => metadataOf(inference.find(wantedOf(name, version))),
    ),
    unary(paths.probe, { request: ServerReadyRequest, reply: ServerReadyResponse }, () => ({
      ready: true,
    })),
    unary(
      '/inference.GRPCInferenceService/ServerLive',
      { request: ServerLiveRequest, reply: ServerLiveResponse },
      () => ({ live: true }),
    ),
    unary(
      '/inference.GRPCInferenceService/ModelReady',
      { request: ModelReadyRequest, reply: ModelReadyResponse },
      ({ name, version }) => ({ ready: Boolean(inference.find(wantedOf(name, version))) }),
    ),
  ];

  async function infer(
    request: ReturnType<typeof ModelInferRequest.decode>,
  ): Promise<Parameters<typeof ModelInferResponse.encode>[0]> {
    const model = inference.find(wantedOf(request.modelName, request.modelVersion));
    const found = request.inputs.map((input, index) =>
      findTensor(input, request.rawInputContents[index]),
    );
    checkTypes(model, found);
    const inputs = tensorsOf(found);
    const wanted = request.outputs.map(({ name }) => name);
    return inferReply(model, await inference.predict(model, inputs, wanted));
  }
}

function inferReply(
  { name, version, outputs: infos }: ServedModel,
  tensors: Tensors,
): Parameters<typeof ModelInferResponse.encode>[0] {
  const outputs = Array.from(tensors, ([output, { shape, data }]) => {
    const type = infos.find((info) => info.name === output)?.type ?? 'float32';
    return { name: output, shape, datatype: nameOfType(type), raw: bytesOf(type, data) };
  });
  return {
    modelName: name,
    modelVersion: String(version),
    outputs,
    rawOutputContents: outputs.map(({ raw }) => raw),
  };
}

function wantedOf(name: string, version: string): Wanted {
  if (version === '') return { name };
  if (/^\d+$/.test(version)) return { name, version: Number(version) };
  throw invalid(`failed to get model version from specified version string '${version}'`);
}

function metadataOf(model: ServedModel): Parameters<typeof ModelMetadataResponse.encode>[0] {
  return {
    name: model.name,
    versions: [String(model.version)],
    platform: 'kiosk',
    inputs: model.inputs.map(describe),
    outputs: model.outputs.map(describe),
  };
}

function describe({ name, type, shape }: TensorInfo) {
  return { name, datatype: nameOfType(type), shape: shape ?? [] };
}
