import type { ModelSignature, TensorInfo, TensorType } from '../../../ports.ts';

/** TensorFlow's names of the element types. */
const TYPE_NAMES: Readonly<Record<Exclude<TensorType, 'other'>, string>> = {
  float32: 'DT_FLOAT',
  float16: 'DT_HALF',
  bfloat16: 'DT_BFLOAT16',
  float64: 'DT_DOUBLE',
  int8: 'DT_INT8',
  int16: 'DT_INT16',
  int32: 'DT_INT32',
  int64: 'DT_INT64',
  uint8: 'DT_UINT8',
  uint16: 'DT_UINT16',
  uint32: 'DT_UINT32',
  bool: 'DT_BOOL',
};

/**
 * The inputs of a signature as the Python consumer keeps them in Redis: a map of TensorInfo by input name in the JSON
 * form of protobuf, in which 64-bit sizes are strings.
 */
export function writeSignature({ inputs }: ModelSignature): string {
  const entries = inputs.map((input) => [
    input.name,
    {
      dtype: typeNameOf(input),
      tensorShape: shapeOf(input),
      name: `serving_default_${input.name}:0`,
    },
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

function typeNameOf({ type, typeName }: TensorInfo): string {
  if (type !== 'other') return TYPE_NAMES[type];
  return typeName?.startsWith('DT_') === true ? typeName : 'DT_INVALID';
}

function shapeOf({ shape }: TensorInfo): object {
  if (shape === undefined) return { unknownRank: true };
  return { dim: shape.map((size) => ({ size: String(size) })) };
}
