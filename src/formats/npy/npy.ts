import { type NdArray, type Numbers, sizeOf } from '../../imaging/array.ts';
import { type NpyHeader, damaged, readNpyHeader } from './npy-header.ts';

/**
 * Reads a .npy file of real numbers or truth values, in either byte order and either order of axes; the array is in
 * C order. float16 becomes float32, whole numbers of 64 bits become float64. A view on the file where it can be one.
 * Throws `corrupt_image` and `unsupported_file`.
 */
export function readNpy(file: Uint8Array, name = 'array.npy'): NdArray {
  const header = readNpyHeader(file, name);
  const { shape, bytes, dataStart } = header;
  const length = sizeOf(shape);
  const missing = length * bytes - (file.length - dataStart);
  if (missing > 0) throw damaged(name, `it ends ${missing} bytes too early`);
  const data = elements(file.subarray(dataStart, dataStart + length * bytes), header);
  return { shape, data: header.fortranOrder ? inOrder(data, shape) : data };
}

function elements(content: Uint8Array, header: NpyHeader): Numbers {
  const { bytes, littleEndian } = header;
  const isPlain = content.byteOffset % bytes === 0 && (littleEndian || bytes === 1);
  return readElements(isPlain ? content : copied(content, header), header);
}

/** The elements at the start of memory of their own, in the byte order of this machine, which is little-endian. */
function copied(content: Uint8Array, { bytes, littleEndian }: NpyHeader): Uint8Array {
  const copy = new Uint8Array(content.length);
  copy.set(content);
  if (littleEndian || bytes === 1) return copy;
  const buffer = Buffer.from(copy.buffer);
  if (bytes === 2) buffer.swap16();
  else if (bytes === 4) buffer.swap32();
  else buffer.swap64();
  return copy;
}

/** Arrays on the same memory, by kind and bytes of an element. */
const VIEWS: Readonly<Record<string, (buffer: ArrayBufferLike, at: number, n: number) => Numbers>> =
  {
    f4: (buffer, at, n) => new Float32Array(buffer, at, n),
    f8: (buffer, at, n) => new Float64Array(buffer, at, n),
    i1: (buffer, at, n) => new Int8Array(buffer, at, n),
    i2: (buffer, at, n) => new Int16Array(buffer, at, n),
    i4: (buffer, at, n) => new Int32Array(buffer, at, n),
    u1: (buffer, at, n) => new Uint8Array(buffer, at, n),
    u2: (buffer, at, n) => new Uint16Array(buffer, at, n),
    u4: (buffer, at, n) => new Uint32Array(buffer, at, n),
    b1: (buffer, at, n) => new Uint8Array(buffer, at, n),
    f2: (buffer, at, n) => Float32Array.from(new Float16Array(buffer, at, n)),
    i8: (buffer, at, n) => Float64Array.from(new BigInt64Array(buffer, at, n), Number),
    u8: (buffer, at, n) => Float64Array.from(new BigUint64Array(buffer, at, n), Number),
  };

function readElements({ buffer, byteOffset, length }: Uint8Array, header: NpyHeader): Numbers {
  const view = VIEWS[`${header.kind}${header.bytes}`];
  if (view === undefined) throw new TypeError(`${header.kind}${header.bytes} has no array type.`);
  return view(buffer, byteOffset, length / header.bytes);
}

/** Elements whose first axis varies fastest, in an array whose last axis does. */
function inOrder(data: Numbers, shape: readonly number[]): Numbers {
  const ordered = data.slice();
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    ordered[to] = data[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]++;
      from += strides[axis];
      if (index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return ordered;
}

/** What NumPy calls the element types, by their constructors. */
const CODES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
  [Int8Array, '|i1'],
  [Int16Array, '<i2'],
  [Int32Array, '<i4'],
  [Uint16Array, '<u2'],
  [Uint32Array, '<u4'],
]);
/** A Buffer of Node is an array of bytes as well. */
const BYTES = '|u1';

/** Writes an array as NumPy's `save` does, with the element type that it has. */
export function writeNpy({ shape, data }: NdArray): Uint8Array {
  const code = CODES.get(data.constructor) ?? BYTES;
  const list = shape.length === 1 ? `${String(shape[0])},` : shape.join(', ');
  const header = `{'descr': '${code}', 'fortran_order': False, 'shape': (${list}), }`;
  const size = Math.ceil((10 + header.length + 1) / 64) * 64;
  const out = new Uint8Array(size + data.byteLength);
  const view = new DataView(out.buffer);
  view.setUint32(0, 0x934e554d);
  view.setUint32(4, 0x50590100);
  view.setUint16(8, size - 10, true);
  out.set(new TextEncoder().encode(`${header.padEnd(size - 11)}\n`), 10);
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), size);
  return out;
}
