import type { TensorType } from '../../../ports.ts';
import { DATA_TYPE } from './messages.ts';

const TYPES: Partial<Record<number, TensorType>> = {
  [DATA_TYPE.DT_FLOAT]: 'float32',
  [DATA_TYPE.DT_DOUBLE]: 'float64',
  [DATA_TYPE.DT_INT32]: 'int32',
  [DATA_TYPE.DT_UINT8]: 'uint8',
  [DATA_TYPE.DT_INT16]: 'int16',
  [DATA_TYPE.DT_INT8]: 'int8',
  [DATA_TYPE.DT_INT64]: 'int64',
  [DATA_TYPE.DT_BFLOAT16]: 'bfloat16',
  [DATA_TYPE.DT_UINT16]: 'uint16',
  [DATA_TYPE.DT_HALF]: 'float16',
  [DATA_TYPE.DT_BOOL]: 'bool',
  [DATA_TYPE.DT_UINT32]: 'uint32',
};

const NUMBERS = new Map<string, number>(Object.entries(DATA_TYPE));
const NAMES = new Map<number, string>([...NUMBERS].map(([name, dataType]) => [dataType, name]));

/** DT_FLOAT is float32. */
export function typeOfNumber(dataType: number): TensorType {
  return TYPES[dataType] ?? 'other';
}

export function numberOfType(type: TensorType): number {
  const found = Object.entries(TYPES).find(([, name]) => name === type);
  return Number(found?.[0] ?? 0);
}

/** `DT_STRING` */
export function nameOfNumber(dataType: number): string {
  return NAMES.get(dataType) ?? `data type ${dataType}`;
}

/** The inverse of nameOfNumber; undefined for other names. */
export function numberOfName(name: string | undefined): number | undefined {
  return name === undefined ? undefined : NUMBERS.get(name);
}
