import type { TensorType } from '../../../ports.ts';

type Converted = Exclude<TensorType, 'float32' | 'int64' | 'bfloat16' | 'other'>;

/** Elements that arrays of JavaScript can hold, other than float32. */
const ARRAYS = {
  float16: Float16Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  bool: Uint8Array,
} as const satisfies Record<Converted, unknown>;

/** Bytes of one element; undefined for types that are neither sent nor read. */
export function elementBytes(type: TensorType): number | undefined {
  if (type === 'float32') return Float32Array.BYTES_PER_ELEMENT;
  if (type === 'int64') return BigInt64Array.BYTES_PER_ELEMENT;
  if (type === 'bfloat16') return Uint16Array.BYTES_PER_ELEMENT;
  return isConverted(type) ? ARRAYS[type].BYTES_PER_ELEMENT : undefined;
}

/**
 * Float32 elements as the bytes of another type, little endian: a view for float32, rounded to nearest for float16 and
 * bfloat16, truncated for integers and booleans. Throws for types that cannot be sent.
 */
export function bytesOf(type: TensorType, elements: Float32Array): Uint8Array {
  if (type === 'float32') return viewBytes(elements);
  if (type === 'int64') return viewBytes(BigInt64Array.from(elements, toBigInt));
  if (type === 'bfloat16') return viewBytes(upperHalves(elements));
  if (isConverted(type)) return viewBytes(new ARRAYS[type](elements));
  throw new RangeError(`no bytes for elements of type ${type}`);
}

/** The inverse of bytesOf. For float32 a view if the bytes begin at a multiple of four, else a copy. */
export function floatsOf(type: TensorType, bytes: Uint8Array): Float32Array {
  if (type === 'float32') return viewOf(Float32Array, bytes);
  if (type === 'int64') return Float32Array.from(viewOf(BigInt64Array, bytes), Number);
  if (type === 'bfloat16') return fromUpperHalves(viewOf(Uint16Array, bytes));
  if (isConverted(type)) return new Float32Array(viewOf<ArrayLike<number>>(ARRAYS[type], bytes));
  throw new RangeError(`no elements of type ${type}`);
}

/** A bfloat16 is the upper half of a float32. */
function fromUpperHalves(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (const [at, half] of halves.entries()) bits[at] = half * 0x1_0000;
  return new Float32Array(bits.buffer);
}

/** Rounded to the nearest, ties to even; what is not a number stays so. */
function upperHalves(elements: Float32Array): Uint16Array {
  const bits = new Uint32Array(elements.buffer, elements.byteOffset, elements.length);
  return Uint16Array.from(bits, (all, at) => {
    const half = all >>> 16;
    if (Number.isNaN(elements[at])) return half | 0x40;
    return (all + 0x7fff + (half & 1)) >>> 16;
  });
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
