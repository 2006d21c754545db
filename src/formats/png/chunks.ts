import { corrupt } from '../corrupt-image.ts';

/** A chunk of a PNG file (PNG, third edition, section 5.3). A file may have very many: it is no more than places. */
export interface PngChunk {
  /** Its four letters, as a number; see `CHUNK`. */
  readonly type: number;
  /** Where its data start and end in the file. */
  readonly start: number;
  readonly end: number;
  /** False if the file ends before the chunk does. */
  readonly whole: boolean;
}

/** The types that are looked at, in ASCII. */
export const CHUNK = {
  header: 0x49484452, // IHDR
  pixels: 0x49444154, // IDAT
  animation: 0x6163544c, // acTL
  apple: 0x43674249, // CgBI
} as const;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** True if the bytes begin as a PNG file does, line ends aside. */
export function isPng(bytes: Uint8Array): boolean {
  return SIGNATURE.slice(0, 4).every((byte, index) => bytes[index] === byte);
}

/** The chunks of a PNG file in order. Throws `corrupt_image`. */
export function* pngChunks(bytes: Uint8Array, name: string): Generator<PngChunk> {
  if (SIGNATURE.some((byte, index) => bytes[index] !== byte)) {
    throw corrupt(name, 'its line ends were changed, as a transfer of text does');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = SIGNATURE.length;
  while (at + 8 <= bytes.length) {
    const start = at + 8;
    const end = start + view.getUint32(at);
    const type = view.getUint32(at + 4);
    if (!isName(type)) throw corrupt(name, 'a chunk has no name');
    yield { type, start, end: Math.min(end, bytes.length), whole: end + 4 <= bytes.length };
    at = end + 4;
  }
}

/** Four letters. */
function isName(type: number): boolean {
  for (let shift = 0; shift < 32; shift += 8) {
    // Capitals and small letters differ in this bit alone.
    const letter = (type >> shift) & 0xdf;
    if (letter < 0x41 || letter > 0x5a) return false;
  }
  return true;
}
