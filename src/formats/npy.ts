import { KnownError } from '../errors.ts';
import { type NdArray, type Numbers, sizeOf } from '../imaging/array.ts';

/*
 * NumPy's file format, version 1.0 and 2.0, C order, little-endian:
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

interface ArrayType {
  readonly code: string;
  readonly bytes: number;
  readonly read: (buffer: ArrayBuffer, length: number) => Numbers;
}

const TYPES: readonly ArrayType[] = [
  { code: '<f4', bytes: 4, read: (buffer, length) => new Float32Array(buffer, 0, length) },
  { code: '<f8', bytes: 8, read: (buffer, length) => new Float64Array(buffer, 0, length) },
  { code: '|u1', bytes: 1, read: (buffer, length) => new Uint8Array(buffer, 0, length) },
  { code: '|b1', bytes: 1, read: (buffer, length) => new Uint8Array(buffer, 0, length) },
  { code: '|i1', bytes: 1, read: (buffer, length) => new Int8Array(buffer, 0, length) },
  { code: '<u2', bytes: 2, read: (buffer, length) => new Uint16Array(buffer, 0, length) },
  { code: '<i2', bytes: 2, read: (buffer, length) => new Int16Array(buffer, 0, length) },
  { code: '<u4', bytes: 4, read: (buffer, length) => new Uint32Array(buffer, 0, length) },
  { code: '<i4', bytes: 4, read: (buffer, length) => new Int32Array(buffer, 0, length) },
  {
    code: '<i8',
    bytes: 8,
    read: (buffer, length) => Float64Array.from(new BigInt64Array(buffer, 0, length), Number),
  },
];

/** Reads an array; int64 becomes float64. Throws `corrupt_image`. */
export function readNpy(bytes: Uint8Array): NdArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(0) !== 0x934e554d) throw damaged('it is not a .npy file');
  const wide = bytes[6] !== 1;
  const headerStart = wide ? 12 : 10;
  const dataStart = headerStart + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder('latin1').decode(bytes.slice(headerStart, dataStart));
  const type = TYPES.find(({ code }) => header.includes(`'descr': '${code}'`));
  const list = /'shape': \(([^)]*)\)/.exec(header)?.[1];
  if (type === undefined || list === undefined || header.includes("'fortran_order': True")) {
    throw damaged(`its header is ${header.trim()}`);
  }
  const shape = list.split(',').flatMap((word) => (word.trim() === '' ? [] : [Number(word)]));
  const length = sizeOf(shape);
  // A copy begins at a multiple of the element's size, and at the start of its memory.
  const content = new Uint8Array(bytes.subarray(dataStart, dataStart + length * type.bytes));
  if (content.length < length * type.bytes) throw damaged('it ends too early');
  return { shape, data: type.read(content.buffer, length) };
}

/** Writes an array as NumPy's `save` does. */
export function writeNpy({ shape, data }: NdArray<Float64Array | Float32Array>): Uint8Array {
  const code = data instanceof Float64Array ? '<f8' : '<f4';
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

function damaged(why: string): KnownError {
  return new KnownError('corrupt_image', `The .npy array is damaged: ${why}.`);
}
