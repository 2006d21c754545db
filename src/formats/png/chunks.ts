import { corrupt } from '../corrupt-image.ts';

/** A chunk of a PNG file (PNG, third edition, section 5.3). */
export interface PngChunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** Its type and data as they stand in the file, and the checksum that follows them. */
  readonly checked: Uint8Array;
  readonly checksum: number;
  /** False if the file ends before the chunk does. */
  readonly whole: boolean;
}

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
    const type = String.fromCharCode(...bytes.subarray(at + 4, start));
    if (!/^[A-Za-z]{4}$/.test(type)) throw corrupt(name, 'a chunk has no name');
    const whole = end + 4 <= bytes.length;
    yield {
      type,
      data: bytes.subarray(start, end),
      checked: bytes.subarray(at + 4, end),
      checksum: whole ? view.getUint32(end) : 0,
      whole,
    };
    at = end + 4;
  }
}
