import type { TensorType } from '../../../ports.ts';

const NAMES: Partial<Record<string, TensorType>> = {
  FP32: 'float32',
  FP64: 'float64',
  FP16: 'float16',
  INT32: 'int32',
  INT64: 'int64',
  UINT8: 'uint8',
  BYTES: 'string',
};

/** FP32 is float32. */
export function typeOfName(datatype: string): TensorType {
  return NAMES[datatype] ?? 'other';
}

export function nameOfType(type: TensorType): string {
  const found = Object.entries(NAMES).find(([, known]) => known === type);
  return found?.[0] ?? '';
}
