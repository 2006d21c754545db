import { inflateSync, zstdDecompressSync } from 'node:zlib';
import type { Scratch } from '../../imaging/scratch.ts';
import { expandLzw } from './lzw.ts';
import { expandOldLzw, isOldLzw } from './old-lzw.ts';
import { expandPackBits } from './pack-bits.ts';

/**
 * Expands one strip or tile to at most `size` bytes, in a view of `packed` or in memory that may be
 * overwritten when the scratch arena ends or the next segment is expanded. Throws when the data is
 * damaged.
 */
export type Expand = (packed: Uint8Array, size: number, scratch: Scratch) => Uint8Array;

/** Values of the tag. */
export const UNCOMPRESSED = 1;
export const PACK_BITS = 32773;
/** The value of the tag for JPEG, whose segments are pictures of their own. */
export const JPEG = 7;

/** The compressions of bytes that are read, by the value of the tag. */
export const COMPRESSIONS: ReadonlyMap<number, Expand> = new Map<number, Expand>([
  [UNCOMPRESSED, (packed) => packed],
  [5, expandAnyLzw],
  [8, inflate],
  [32946, inflate],
  [PACK_BITS, expandPackBits],
  [50000, expandZstd],
]);

const NAMES: Readonly<Record<number, string>> = {
  2: 'CCITT Huffman',
  3: 'CCITT fax (group 3)',
  4: 'CCITT fax (group 4)',
  6: 'old-style JPEG',
  9: 'JBIG',
  10: 'JBIG',
  22610: 'JPEG XR',
  32766: 'NeXT',
  32809: 'ThunderScan',
  33003: 'JPEG 2000 (Aperio)',
  33004: 'JPEG 2000 (Aperio)',
  33005: 'JPEG 2000 (Aperio)',
  34661: 'JBIG',
  34676: 'SGI LogLuv',
  34677: 'SGI LogLuv',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34892: 'lossy JPEG (DNG)',
  34925: 'LZMA',
  34933: 'PNG',
  34934: 'JPEG XR',
  48124: 'Jetraw',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
  65000: 'EER',
  65001: 'EER',
  65002: 'EER',
};

/** What a compression is called. */
export function compressionName(value: number): string {
  return NAMES[value] ?? `unknown (${value})`;
}

/** The library makes an array of what does not fit into the first chunk, so all of it must fit. */
function chunkFor(size: number): number {
  return size + 64;
}

function inflate(packed: Uint8Array, size: number, scratch: Scratch): Uint8Array {
  const options = { maxOutputLength: size, chunkSize: chunkFor(size) };
  return inflateSync(unshared(packed, scratch), options);
}

function expandZstd(packed: Uint8Array, size: number, scratch: Scratch): Uint8Array {
  const options = { maxOutputLength: size, chunkSize: chunkFor(size) };
  return zstdDecompressSync(unshared(packed, scratch), options);
}

function expandAnyLzw(packed: Uint8Array, size: number, scratch: Scratch): Uint8Array {
  return isOldLzw(packed) ? expandOldLzw(packed, size, scratch) : expandLzw(packed, size);
}

/** zlib takes no shared memory. */
function unshared(packed: Uint8Array, scratch: Scratch): Uint8Array {
  if (!(packed.buffer instanceof SharedArrayBuffer)) return packed;
  const copy = scratch.bytes(packed.length);
  copy.set(packed);
  return copy;
}
