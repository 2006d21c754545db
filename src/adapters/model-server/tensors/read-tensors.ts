import { KnownError } from '../../../errors.ts';
import { sizeOf } from '../../../imaging/array.ts';
import type { TensorType } from '../../../ports.ts';
import { bytesOf, elementBytes, floatsOf } from './elements.ts';
import type { BatchReply } from '../endpoint.ts';

/** A tensor as found in a message: its elements as bytes of its type, views on the message, or as numbers. */
export interface FoundTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: TensorType;
  /** What the server calls the type: `DT_STRING`. */
  readonly typeName: string;
  readonly elements: Uint8Array | readonly number[];
  /** Whether there may be fewer of them than the shape says: the last one fills the rest. */
  readonly filled: boolean;
}

/**
 * Float32 tensors of those in a message. Float32 elements stay where they are; others are converted. Throws
 * `model_mismatch` for types and shapes that cannot be.
 */
export function readTensors(tensors: readonly FoundTensor[]): BatchReply {
  tensors.forEach(check);
  return {
    outputs: new Map(
      tensors.map((tensor) => [tensor.name, { shape: tensor.shape, bytes: floatBytes(tensor) }]),
    ),
  };
}

function check({ name, shape, type, typeName, elements, filled: isFilled }: FoundTensor): void {
  const size = elementBytes(type);
  if (size === undefined) {
    throw new KnownError(
      'model_mismatch',
      `Output ${name} has the type ${typeName}, which cannot be read as numbers.`,
    );
  }
  const count = isBytes(elements) ? elements.length / size : elements.length;
  const possible = shape.every((axis) => axis >= 0) && Number.isInteger(count);
  if (possible && (count === sizeOf(shape) || (isFilled && count < sizeOf(shape)))) return;
  throw new KnownError(
    'model_mismatch',
    `Output ${name} has ${count} elements, which does not fit its shape [${shape.join(', ')}].`,
  );
}

function floatBytes({ shape, type, elements }: FoundTensor): Uint8Array {
  const size = sizeOf(shape);
  const isComplete = elements.length === size * Float32Array.BYTES_PER_ELEMENT;
  if (isBytes(elements) && type === 'float32' && isComplete) return elements;
  const floats = isBytes(elements) ? floatsOf(type, elements) : Float32Array.from(elements);
  return bytesOf('float32', filled(floats, size));
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
