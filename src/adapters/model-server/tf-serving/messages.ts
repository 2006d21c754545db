/* TensorFlow Serving's messages as declared in protos/; a test compares both. */
import { embedded, map, messages, rawNumbers, repeated } from '../protobuf/compound-field.ts';
import {
  bool,
  bools,
  bytes,
  enumeration,
  int32,
  int32s,
  int64,
  int64s,
  string,
  uint32s,
} from '../protobuf/field.ts';
import { message, type Decoded } from '../protobuf/message.ts';

export const DATA_TYPE = {
  DT_FLOAT: 1,
  DT_DOUBLE: 2,
  DT_INT32: 3,
  DT_UINT8: 4,
  DT_INT16: 5,
  DT_INT8: 6,
  DT_STRING: 7,
  DT_COMPLEX64: 8,
  DT_INT64: 9,
  DT_BOOL: 10,
  DT_BFLOAT16: 14,
  DT_UINT16: 17,
  DT_HALF: 19,
  DT_UINT32: 22,
  DT_UINT64: 23,
} as const;

const Dim = message('tensorflow.TensorShapeProto.Dim', { size: int64(1), name: string(2) });

export const TensorShapeProto = message('tensorflow.TensorShapeProto', {
  dim: messages(2, Dim),
  unknownRank: bool(3),
});

export const TensorProto = message('tensorflow.TensorProto', {
  dtype: enumeration(1, 'tensorflow.DataType'),
  tensorShape: embedded(2, TensorShapeProto),
  tensorContent: bytes(4),
  floatVal: rawNumbers(5, 'float'),
  doubleVal: rawNumbers(6, 'double'),
  intVal: int32s(7),
  int64Val: int64s(10),
  boolVal: bools(11),
  halfVal: int32s(13),
  uint32Val: uint32s(16),
});

export const TensorInfoProto = message('tensorflow.TensorInfo', {
  name: string(1),
  dtype: enumeration(2, 'tensorflow.DataType'),
  tensorShape: embedded(3, TensorShapeProto),
});

export const SignatureDef = message('tensorflow.SignatureDef', {
  inputs: map(1, TensorInfoProto),
  outputs: map(2, TensorInfoProto),
  methodName: string(3),
});

const Int64Value = message('google.protobuf.Int64Value', { value: int64(1) });

export const ModelSpec = message('tensorflow.serving.ModelSpec', {
  name: string(1),
  version: embedded(2, Int64Value),
  signatureName: string(3),
});

export const PredictRequest = message('tensorflow.serving.PredictRequest', {
  modelSpec: embedded(1, ModelSpec),
  inputs: map(2, TensorProto),
  outputFilter: repeated(string(3)),
});

export const PredictResponse = message('tensorflow.serving.PredictResponse', {
  outputs: map(1, TensorProto),
  modelSpec: embedded(2, ModelSpec),
});

/** A PredictResponse as far as it is new to who has asked: the rest of the message is skipped. */
export const PredictOutputs = message('tensorflow.serving.PredictResponse', {
  outputs: map(1, TensorProto),
});

export const GetModelMetadataRequest = message('tensorflow.serving.GetModelMetadataRequest', {
  modelSpec: embedded(1, ModelSpec),
  metadataField: repeated(string(2)),
});

const Any = message('google.protobuf.Any', { typeUrl: string(1), value: bytes(2) });

export const GetModelMetadataResponse = message('tensorflow.serving.GetModelMetadataResponse', {
  modelSpec: embedded(1, ModelSpec),
  metadata: map(2, Any),
});

export const SignatureDefMap = message('tensorflow.serving.SignatureDefMap', {
  signatureDef: map(1, SignatureDef),
});

export const GetModelStatusRequest = message('tensorflow.serving.GetModelStatusRequest', {
  modelSpec: embedded(1, ModelSpec),
});

const StatusProto = message('tensorflow.serving.StatusProto', {
  errorCode: int32(1),
  errorMessage: string(2),
});

const ModelVersionStatus = message('tensorflow.serving.ModelVersionStatus', {
  version: int64(1),
  state: enumeration(2, 'tensorflow.serving.ModelVersionStatus.State'),
  status: embedded(3, StatusProto),
});

/** The state of a version that can be asked. */
export const AVAILABLE = 30;

export const GetModelStatusResponse = message('tensorflow.serving.GetModelStatusResponse', {
  modelVersionStatus: messages(1, ModelVersionStatus),
});

export type Tensor = Decoded<typeof TensorProto>;
export type Spec = Decoded<typeof ModelSpec>;
export type SignatureInfo = Decoded<typeof TensorInfoProto>;
