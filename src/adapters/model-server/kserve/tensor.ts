import type { TensorType } from '../../../ports.ts';
import type { FoundTensor } from '../tensors/read-tensors.ts';
import { typeOfName } from './data-type.ts';
import type { InputTensor, OutputTensor, TensorContents } from './messages.ts';

/** Where the integers of each type are, if not in int_contents. */
const INTEGERS: Partial<Record<TensorType, 'int64Contents' | 'uintContents' | 'boolContents'>> = {
  int64: 'int64Contents',
  uint8: 'uintContents',
  uint16: 'uintContents',
  uint32: 'uintContents',
  bool: 'boolContents',
};

/** The elements of an input or output, raw ones if there are any. */
export function findTensor(
  { name, shape, datatype, contents }: InputTensor | OutputTensor,
  raw: Uint8Array | undefined,
): FoundTensor {
  const type = typeOfName(datatype);
  const elements = raw ?? elementsOf(type, contents);
  return { name, shape, type, typeName: datatype, elements, filled: false };
}

function elementsOf(
  type: TensorType,
  contents: TensorContents | undefined,
): Uint8Array | readonly number[] {
  if (type === 'float32') return Buffer.concat(contents?.fp32Contents ?? []);
  if (type === 'float64') return Buffer.concat(contents?.fp64Contents ?? []);
  return contents?.[INTEGERS[type] ?? 'intContents'] ?? [];
}
