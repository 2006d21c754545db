import type { FoundTensor } from '../tensors/read-tensors.ts';
import { DATA_TYPE, type Tensor } from './messages.ts';
import { nameOfNumber, typeOfNumber } from './data-type.ts';

/** The elements of a TensorProto, wherever its sender put them. */
export function findTensor(name: string, tensor: Tensor): FoundTensor {
  const shape = (tensor.tensorShape?.dim ?? []).map(({ size }) => size);
  return {
    name,
    shape,
    type: typeOfNumber(tensor.dtype),
    typeName: nameOfNumber(tensor.dtype),
    elements: elementsOf(tensor),
    // TensorFlow's tensor.proto: values in fields of their type may be fewer, bytes may not.
    filled: tensor.tensorContent.length === 0,
  };
}

function elementsOf(tensor: Tensor): Uint8Array | readonly number[] {
  if (tensor.tensorContent.length > 0) return tensor.tensorContent;
  switch (tensor.dtype) {
    case DATA_TYPE.DT_FLOAT:
      return whole(tensor.floatVal);
    case DATA_TYPE.DT_DOUBLE:
      return whole(tensor.doubleVal);
    case DATA_TYPE.DT_BOOL:
      return tensor.boolVal;
    case DATA_TYPE.DT_UINT32:
      return tensor.uint32Val;
    case DATA_TYPE.DT_HALF:
    case DATA_TYPE.DT_BFLOAT16:
      return new Uint8Array(Uint16Array.from(tensor.halfVal).buffer);
    case DATA_TYPE.DT_INT64:
      return tensor.int64Val;
    default:
      return tensor.intVal;
  }
}

function whole(pieces: readonly Uint8Array[]): Uint8Array {
  const [first, second] = pieces;
  if (first !== undefined && second === undefined) return first;
  return Buffer.concat(pieces);
}
