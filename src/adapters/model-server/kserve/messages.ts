/* The messages of the KServe v2 protocol as declared in protos/; a test compares both. */
import { embedded, messages, rawNumbers, repeated } from '../protobuf/compound-field.ts';
import { bool, bools, bytes, int32s, int64s, string, uint32s } from '../protobuf/field.ts';
import { message, type Decoded } from '../protobuf/message.ts';

export const ServerReadyRequest = message('inference.ServerReadyRequest', {});
export const ServerReadyResponse = message('inference.ServerReadyResponse', { ready: bool(1) });
export const ServerLiveRequest = message('inference.ServerLiveRequest', {});
export const ServerLiveResponse = message('inference.ServerLiveResponse', { live: bool(1) });

export const ModelReadyRequest = message('inference.ModelReadyRequest', {
  name: string(1),
  version: string(2),
});
export const ModelReadyResponse = message('inference.ModelReadyResponse', { ready: bool(1) });

export const ModelMetadataRequest = message('inference.ModelMetadataRequest', {
  name: string(1),
  version: string(2),
});

const TensorMetadataProto = message('inference.ModelMetadataResponse.TensorMetadata', {
  name: string(1),
  datatype: string(2),
  shape: int64s(3),
});

export const ModelMetadataResponse = message('inference.ModelMetadataResponse', {
  name: string(1),
  versions: repeated(string(2)),
  platform: string(3),
  inputs: messages(4, TensorMetadataProto),
  outputs: messages(5, TensorMetadataProto),
});

const InferTensorContents = message('inference.InferTensorContents', {
  boolContents: bools(1),
  intContents: int32s(2),
  int64Contents: int64s(3),
  uintContents: uint32s(4),
  fp32Contents: rawNumbers(6, 'float'),
  fp64Contents: rawNumbers(7, 'double'),
});

const InferInputTensor = message('inference.ModelInferRequest.InferInputTensor', {
  name: string(1),
  datatype: string(2),
  shape: int64s(3),
  contents: embedded(5, InferTensorContents),
});

const InferRequestedOutputTensor = message(
  'inference.ModelInferRequest.InferRequestedOutputTensor',
  { name: string(1) },
);

export const ModelInferRequest = message('inference.ModelInferRequest', {
  modelName: string(1),
  modelVersion: string(2),
  id: string(3),
  inputs: messages(5, InferInputTensor),
  outputs: messages(6, InferRequestedOutputTensor),
  rawInputContents: repeated(bytes(7)),
});

const InferOutputTensor = message('inference.ModelInferResponse.InferOutputTensor', {
  name: string(1),
  datatype: string(2),
  shape: int64s(3),
  contents: embedded(5, InferTensorContents),
});

export const ModelInferResponse = message('inference.ModelInferResponse', {
  modelName: string(1),
  modelVersion: string(2),
  id: string(3),
  outputs: messages(5, InferOutputTensor),
  rawOutputContents: repeated(bytes(6)),
});

export type OutputTensor = Decoded<typeof InferOutputTensor>;
export type InputTensor = Decoded<typeof InferInputTensor>;
export type TensorMetadata = Decoded<typeof TensorMetadataProto>;
export type TensorContents = Decoded<typeof InferTensorContents>;
