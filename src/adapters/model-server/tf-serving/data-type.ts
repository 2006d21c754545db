import type { TensorType } from '../../../ports.ts';
import { DATA_TYPE } from './messages.ts';

const NAMES: Partial<Record<number, TensorType>> = {
  [DATA_TYPE.DT_FLOAT]: 'float32',
  [DATA_TYPE.DT_DOUBLE]: 'float64',
  [DATA_TYPE.DT_INT32]: 'int32',
  [DATA_TYPE.DT_UINT8]: 'uint8',
  [DATA_TYPE.DT_STRING]: 'string',
  [DATA_TYPE.DT_INT64]: 'int64',
  [DATA_TYPE.DT_HALF]: 'float16',
};

/** DT_FLOAT is float32. */
export function typeOfNumber(dataType: number): TensorType {
  return NAMES[dataType] ?? 'other';
}

export function numberOfType(type: TensorType): number {
  const found = Object.entries(NAMES).find(([, name]) => name === type);
  return Number(found?.[0] ?? 0);
}
