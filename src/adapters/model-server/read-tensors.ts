import { KnownError } from '../../errors.ts';
import { sizeOf } from '../../imaging/array.ts';
import type { TensorType } from '../../ports.ts';
import { alignPayloads } from './align.ts';
import { elementBytes, floatsOf } from './elements.ts';
import type { BatchReply } from './endpoint.ts';

/** A tensor as found in a message: its elements as bytes of its type, views on the message, or as numbers. */
export interface FoundTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: TensorType;
  readonly elements: Uint8Array | readonly number[];
}

/**
 * Float32 tensors of those in a message; views on it for float32. The message is used up: payloads move inside it.
 * A tensor with fewer elements than its shape says is filled with its last one, as in TensorFlow. Throws
 * `model_mismatch` for types and shapes that cannot be.
 */
export function readTensors(message: Uint8Array, tensors: readonly FoundTensor[]): BatchReply {
  tensors.forEach(check);
  const payloads = tensors.map(({ elements }) => elements).filter(isBytes);
  const aligned = alignPayloads(message, payloads);
  const place = new Map(payloads.map((payload, index) => [payload, aligned[index] ?? payload]));
  const outputs = tensors.map(({ name, shape, type, elements }) => {
    const floats = isBytes(elements)
      ? floatsOf(type, place.get(elements) ?? elements)
      : Float32Array.from(elements);
    return [name, { shape, data: filled(floats, sizeOf(shape)) }] as const;
  });
  return { outputs: new Map(outputs) };
}

function check({ name, shape, type, elements }: FoundTensor): void {
  const size = elementBytes(type);
  if (size === undefined) {
    throw new KnownError(
      'model_mismatch',
      `Output ${name} is of a type that cannot be read (${type}).`,
    );
  }
  const count = isBytes(elements) ? elements.length / size : elements.length;
  const possible = shape.every((axis) => axis >= 0) && Number.isInteger(count);
  if (possible && count <= sizeOf(shape)) return;
  throw new KnownError(
    'model_mismatch',
    `Output ${name} has ${count} elements, which does not fit its shape [${shape.join(', ')}].`,
  );
}

function filled(elements: Float32Array, size: number): Float32Array {
  if (elements.length === size) return elements;
  const all = new Float32Array(size);
  all.set(elements);
  return all.fill(elements.at(-1) ?? 0, elements.length);
}

function isBytes(elements: Uint8Array | readonly number[]): elements is Uint8Array {
  return elements instanceof Uint8Array;
}
