import type { TensorType } from '../../../ports.ts';

const TYPES: Partial<Record<string, TensorType>> = {
  FP32: 'float32',
  FP64: 'float64',
  FP16: 'float16',
  BF16: 'bfloat16',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  UINT8: 'uint8',
  UINT16: 'uint16',
  UINT32: 'uint32',
  BOOL: 'bool',
};

/** FP32 is float32. */
export function typeOfName(datatype: string): TensorType {
  return TYPES[datatype] ?? 'other';
}

export function nameOfType(type: TensorType): string {
  const found = Object.entries(TYPES).find(([, known]) => known === type);
  return found?.[0] ?? '';
}
