import type { Scratch } from '../../imaging/scratch.ts';
import type { PageLayout } from './layout.ts';
import { unpackSamples } from './packed-samples.ts';
import { undoDifferences, undoFloatingPredictor } from './predictor.ts';

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

/** How the samples of a segment stand in rows. */
export interface Rows {
  readonly rows: number;
  /** Samples in a row of the segment. */
  readonly perRow: number;
  /** Samples of a pixel that stand beside each other. */
  readonly stride: number;
  readonly littleEndian: boolean;
}

/**
 * The samples of an expanded segment as numbers, predictor undone; fewer than told if there are fewer
 * bytes. A view of `bytes`, or in scratch memory.
 */
export function readSamples(
  bytes: Uint8Array,
  { bits, kind, predictor }: Packing,
  rows: Rows,
  scratch: Scratch,
): Samples {
  if (bits % 8 !== 0 || bits === 24) {
    const samples = unpackSamples(bytes, bits, rows, scratch);
    if (predictor === 2) undoDifferences(samples, rows, 2 ** bits - 1);
    return samples;
  }
  if (predictor === 3) {
    return asNumbers(undoFloatingPredictor(bytes, bits, rows, scratch), bits, kind, scratch);
  }
  const size = bits / 8;
  const words = nativeWords(bytes, size, { ...rows, changed: predictor === 2 }, scratch);
  if (predictor === 2) undoWordDifferences(words, size, rows);
  return asNumbers(words, bits, kind, scratch);
}

/** The differences are those of whole numbers, whatever the numbers mean. */
function undoWordDifferences({ buffer, byteOffset, length }: Uint8Array, size: number, rows: Rows) {
  if (size === 1) undoDifferences(new Uint8Array(buffer, byteOffset, length), rows);
  else if (size === 2) undoDifferences(new Uint16Array(buffer, byteOffset, length / 2), rows);
  else if (size === 4) undoDifferences(new Uint32Array(buffer, byteOffset, length / 4), rows);
  else undoDifferences(new BigUint64Array(buffer, byteOffset, length / 8), rows);
}

/** Whole words in the byte order of this machine, which is little-endian, at a multiple of their size. */
function nativeWords(
  bytes: Uint8Array,
  size: number,
  { littleEndian, changed }: { readonly littleEndian: boolean; readonly changed: boolean },
  scratch: Scratch,
): Uint8Array {
  const length = bytes.length - (bytes.length % size);
  const isNative = littleEndian || size === 1;
  if (isNative && !changed && bytes.byteOffset % size === 0) return bytes.subarray(0, length);
  const copy = scratch.bytes(length);
  copy.set(bytes.subarray(0, length));
  if (isNative) return copy;
  const words = Buffer.from(copy.buffer, copy.byteOffset, length);
  if (size === 2) words.swap16();
  else if (size === 4) words.swap32();
  else words.swap64();
  return copy;
}

function asNumbers(
  { buffer, byteOffset, length: bytes }: Uint8Array,
  bits: number,
  kind: PageLayout['kind'],
  scratch: Scratch,
): Samples {
  const length = bytes / (bits / 8);
  const signed = kind === 'signed';
  if (bits === 64 && kind !== 'float') {
    const whole = signed
      ? new BigInt64Array(buffer, byteOffset, length)
      : new BigUint64Array(buffer, byteOffset, length);
    const numbers = scratch.float64(length);
    for (let at = 0; at < length; at++) numbers[at] = Number(whole[at]);
    return numbers;
  }
  if (bits === 64) return new Float64Array(buffer, byteOffset, length);
  if (bits === 16 && kind === 'float') {
    const numbers = scratch.float32(length);
    numbers.set(new Float16Array(buffer, byteOffset, length));
    return numbers;
  }
  if (kind === 'float') return new Float32Array(buffer, byteOffset, length);
  if (bits === 8)
    return signed
      ? new Int8Array(buffer, byteOffset, length)
      : new Uint8Array(buffer, byteOffset, length);
  if (bits === 16)
    return signed
      ? new Int16Array(buffer, byteOffset, length)
      : new Uint16Array(buffer, byteOffset, length);
  return signed
    ? new Int32Array(buffer, byteOffset, length)
    : new Uint32Array(buffer, byteOffset, length);
}
