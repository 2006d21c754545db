import type { TensorType } from '../../../ports.ts';

/** Elements that travel in other forms than float32, by their arrays. */
const ARRAYS = {
  float16: Float16Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const;

type Converted = keyof typeof ARRAYS;

/** Bytes of one element; undefined for types that we neither send nor read. */
export function elementBytes(type: TensorType): number | undefined {
  if (type === 'float32') return Float32Array.BYTES_PER_ELEMENT;
  if (type === 'int64') return BigInt64Array.BYTES_PER_ELEMENT;
  return isConverted(type) ? ARRAYS[type].BYTES_PER_ELEMENT : undefined;
}

/**
 * Float32 elements as the bytes of another type, little endian: a view for float32, rounded for float16, truncated
 * for integers. Throws for types that cannot be sent.
 */
export function bytesOf(type: TensorType, elements: Float32Array): Uint8Array {
  if (type === 'float32') return viewBytes(elements);
  if (type === 'int64') return viewBytes(BigInt64Array.from(elements, toBigInt));
  if (isConverted(type)) return viewBytes(new ARRAYS[type](elements));
  throw new RangeError(`no bytes for elements of type ${type}`);
}

/** The inverse of bytesOf. For float32 a view if the bytes begin at a multiple of four, else a copy. */
export function floatsOf(type: TensorType, bytes: Uint8Array): Float32Array {
  if (type === 'float32') return viewOf(Float32Array, bytes);
  if (type === 'int64') return Float32Array.from(viewOf(BigInt64Array, bytes), Number);
  if (isConverted(type)) return new Float32Array(viewOf<ArrayLike<number>>(ARRAYS[type], bytes));
  throw new RangeError(`no elements of type ${type}`);
}

interface ViewConstructor<View> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): View;
}

function viewOf<View>(View: ViewConstructor<View>, bytes: Uint8Array): View {
  const size = View.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
  return new View(aligned.buffer, aligned.byteOffset, Math.floor(bytes.length / size));
}

function viewBytes({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function isConverted(type: TensorType): type is Converted {
  return Object.hasOwn(ARRAYS, type);
}

function toBigInt(value: number): bigint {
  return BigInt(Math.trunc(value));
}
