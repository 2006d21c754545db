import type { TensorType } from '../../../ports.ts';
import type { FoundTensor } from '../tensors/read-tensors.ts';
import { typeOfName } from './data-type.ts';
import type { InputTensor, OutputTensor, TensorContents } from './messages.ts';

/** The elements of an input or output, raw ones if there are any. */
export function findTensor(
  { name, shape, datatype, contents }: InputTensor | OutputTensor,
  raw: Uint8Array | undefined,
): FoundTensor {
  const type = typeOfName(datatype);
  return { name, shape, type, elements: raw ?? elementsOf(type, contents) };
}

function elementsOf(
  type: TensorType,
  contents: TensorContents | undefined,
): Uint8Array | readonly number[] {
  switch (type) {
    case 'float32':
      return Buffer.concat(contents?.fp32Contents ?? []);
    case 'float64':
      return Buffer.concat(contents?.fp64Contents ?? []);
    case 'int64':
      return contents?.int64Contents ?? [];
    default:
      return contents?.intContents ?? [];
  }
}
