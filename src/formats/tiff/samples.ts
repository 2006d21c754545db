import type { PageLayout } from './layout.ts';

export type Samples =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

type Packing = Pick<PageLayout, 'bits' | 'kind' | 'predictor'>;

interface Rows {
  readonly rows: number;
  /** Samples in a row of the segment. */
  readonly perRow: number;
  /** Samples of a pixel that stand beside each other. */
  readonly stride: number;
  readonly littleEndian: boolean;
}

/** The samples of an expanded segment as numbers, predictor undone. `bytes` may be overwritten. */
export function readSamples(bytes: Uint8Array, packing: Packing, rows: Rows): Samples {
  if (packing.bits === 1) return unpackBits(bytes, rows);
  if (packing.predictor === 3) return undoFloatingPredictor(bytes, packing.bits, rows);
  const size = packing.bits / 8;
  const native = rows.littleEndian ? aligned(bytes, size) : swapped(bytes, size);
  if (packing.bits === 64 && packing.kind !== 'float')
    return fromBigIntegers(native, packing, rows);
  const samples = view(native, packing);
  if (packing.predictor === 2) undoHorizontalPredictor(samples, rows);
  return samples;
}

function view(bytes: Uint8Array, { bits, kind }: Packing): Samples {
  const { buffer, byteOffset } = bytes;
  const length = Math.floor(bytes.length / (bits / 8));
  if (kind === 'float') {
    if (bits === 16) return Float32Array.from(new Float16Array(buffer, byteOffset, length));
    return bits === 32
      ? new Float32Array(buffer, byteOffset, length)
      : new Float64Array(buffer, byteOffset, length);
  }
  const signed = kind === 'signed';
  if (bits === 8) {
    return signed
      ? new Int8Array(buffer, byteOffset, length)
      : new Uint8Array(buffer, byteOffset, length);
  }
  if (bits === 16) {
    return signed
      ? new Int16Array(buffer, byteOffset, length)
      : new Uint16Array(buffer, byteOffset, length);
  }
  return signed
    ? new Int32Array(buffer, byteOffset, length)
    : new Uint32Array(buffer, byteOffset, length);
}

function fromBigIntegers(
  bytes: Uint8Array,
  { kind, predictor }: Packing,
  rows: Rows,
): Float64Array {
  const { buffer, byteOffset } = bytes;
  const length = Math.floor(bytes.length / 8);
  const integers =
    kind === 'signed'
      ? new BigInt64Array(buffer, byteOffset, length)
      : new BigUint64Array(buffer, byteOffset, length);
  if (predictor === 2) {
    eachDifference(rows, integers.length, (at, before) => {
      integers[at] += integers[before];
    });
  }
  return Float64Array.from(integers, Number);
}

/** Typed arrays begin at multiples of their element's size. */
function aligned(bytes: Uint8Array, size: number): Uint8Array {
  return bytes.byteOffset % size === 0 ? bytes : new Uint8Array(bytes);
}

function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const copy = Buffer.allocUnsafeSlow(bytes.length - (bytes.length % size));
  copy.set(bytes.subarray(0, copy.length));
  if (size === 2) copy.swap16();
  else if (size === 4) copy.swap32();
  else if (size === 8) copy.swap64();
  return copy;
}

function unpackBits(bytes: Uint8Array, { rows, perRow }: Rows): Uint8Array {
  const bytesPerRow = Math.ceil(perRow / 8);
  const out = new Uint8Array(rows * perRow);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < perRow; i++) {
      const byte = bytes[row * bytesPerRow + (i >> 3)] ?? 0;
      out[row * perRow + i] = (byte >> (7 - (i & 7))) & 1;
    }
  }
  return out;
}

/** TIFF 6.0, section 14: each sample is stored as its difference from the one a pixel before. */
function undoHorizontalPredictor(samples: Samples, rows: Rows): void {
  eachDifference(rows, samples.length, (at, before) => {
    samples[at] = samples[at] + samples[before];
  });
}

function eachDifference(
  { rows, perRow, stride }: Rows,
  length: number,
  add: (at: number, before: number) => void,
): void {
  for (let row = 0; row < rows; row++) {
    const end = Math.min((row + 1) * perRow, length);
    for (let at = row * perRow + stride; at < end; at++) add(at, at - stride);
  }
}

/**
 * Adobe Photoshop TIFF Technical Note 3: the bytes of a row are sorted by significance, the most significant first
 * whatever the byte order of the file, and stored as differences.
 */
function undoFloatingPredictor(bytes: Uint8Array, bits: number, rows: Rows): Samples {
  const size = bits / 8;
  const { perRow, stride } = rows;
  const rowBytes = perRow * size;
  const out = new Uint8Array(Math.floor(bytes.length / rowBytes) * rowBytes);
  const row = new Uint8Array(rowBytes);
  for (let start = 0; start < out.length; start += rowBytes) {
    row.set(bytes.subarray(start, start + rowBytes));
    for (let at = stride; at < rowBytes; at++) row[at] = row[at] + row[at - stride];
    for (let sample = 0; sample < perRow; sample++) {
      for (let byte = 0; byte < size; byte++) {
        out[start + sample * size + (size - 1 - byte)] = row[byte * perRow + sample];
      }
    }
  }
  return view(out, { bits, kind: 'float', predictor: 1 });
}
