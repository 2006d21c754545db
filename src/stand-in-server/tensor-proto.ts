import { bytesOf } from '../adapters/model-server/tensors/elements.ts';
import { numberOfType } from '../adapters/model-server/tf-serving/data-type.ts';
import type { NdArray } from '../imaging/array.ts';
import type { TensorType } from '../ports.ts';

/**
 * Where the elements of an answer are put: `typed` as TensorFlow Serving does by default (float_val and its like),
 * `tensor_content` as with its flag --enable_serialization_as_tensor_content.
 */
export type TensorForm = 'typed' | 'tensor_content';

interface ElementFields {
  readonly tensorContent?: Uint8Array;
  readonly floatVal?: readonly Uint8Array[];
  readonly doubleVal?: readonly Uint8Array[];
  readonly halfVal?: readonly number[];
  readonly boolVal?: readonly number[];
  readonly uint32Val?: readonly number[];
  readonly int64Val?: readonly number[];
  readonly intVal?: readonly number[];
}

/** A TensorProto whose elements have the type given. */
export function tensorProto(
  { shape, data }: NdArray<Float32Array>,
  { type, form }: { readonly type: TensorType; readonly form: TensorForm },
): ElementFields & { readonly dtype: number; readonly tensorShape: object } {
  const head = {
    dtype: numberOfType(type),
    tensorShape: { dim: shape.map((size) => ({ size })) },
  };
  if (form === 'tensor_content') return { ...head, tensorContent: bytesOf(type, data) };
  return { ...head, ...typedElements(type, data) };
}

function typedElements(type: TensorType, data: Float32Array): ElementFields {
  switch (type) {
    case 'float32':
      return { floatVal: [bytesOf(type, data)] };
    case 'float64':
      return { doubleVal: [bytesOf(type, data)] };
    case 'float16':
      return { halfVal: Array.from(new Uint16Array(Float16Array.from(data).buffer)) };
    case 'bfloat16': {
      const { buffer, byteOffset } = bytesOf(type, data);
      return { halfVal: Array.from(new Uint16Array(buffer, byteOffset, data.length)) };
    }
    case 'bool':
      return { boolVal: Array.from(data, Math.trunc) };
    case 'uint32':
      return { uint32Val: Array.from(data, Math.trunc) };
    case 'int64':
      return { int64Val: Array.from(data, Math.trunc) };
    default:
      return { intVal: Array.from(data, Math.trunc) };
  }
}
