import type { NdArray } from '../imaging/array.ts';

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
