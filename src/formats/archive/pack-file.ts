import { constants, crc32, deflateRawSync } from 'node:zlib';
import { sharedBytes } from '../../imaging/array.ts';
import { type Scratch, withScratch } from '../../imaging/scratch.ts';
import { type FileContent, type TiffImage, tiffContent } from '../encode-tiff.ts';

/** A file that is deflated, in shared memory. */
export interface PackedFile {
  readonly crc32: number;
  /** Bytes of the file itself. */
  readonly size: number;
  readonly packed: Uint8Array;
}

/** A file to pack: its bytes, or the image that it is made of. */
export type UnpackedFile =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'tiff'; readonly image: TiffImage };

/** Label images are so uniform that more effort gains little. */
const LEVEL = 1;
/** What is deflated at once: zlib takes no shared memory, so that it works on a copy. */
const PIECE = 2 ** 22;
const CHUNK = 2 ** 18;

/**
 * Deflates a file on the thread that calls it, which takes half of the time that a stream of zlib does.
 * An image is encoded as `encodeTiff` does it, but never whole. Equal files give equal bytes.
 */
export function packFile(file: UnpackedFile): PackedFile {
  return deflated(file.kind === 'tiff' ? tiffContent(file.image) : bytesContent(file.bytes));
}

function bytesContent(bytes: Uint8Array): FileContent {
  const read = (start: number, piece: Uint8Array): void =>
    piece.set(bytes.subarray(start, start + piece.length));
  return { size: bytes.length, read };
}

function deflated(content: FileContent): PackedFile {
  const { checksum, parts } = withScratch((scratch) => deflatedPieces(content, scratch));
  return { crc32: checksum, size: content.size, packed: joined(parts) };
}

interface Deflated {
  readonly checksum: number;
  readonly parts: readonly Uint8Array[];
}

/** Deflates piece by piece. */
function deflatedPieces({ size, read }: FileContent, scratch: Scratch): Deflated {
  const room = scratch.bytes(Math.min(size, PIECE));
  const parts: Uint8Array[] = [];
  let [checksum, start] = [0, 0];
  do {
    const piece = room.subarray(0, Math.min(PIECE, size - start));
    read(start, piece);
    start += piece.length;
    checksum = crc32(piece, checksum);
    // All but the last piece end without the mark that ends a file, so that the next can follow.
    const finishFlush = start < size ? constants.Z_SYNC_FLUSH : constants.Z_FINISH;
    parts.push(deflateRawSync(piece, { level: LEVEL, chunkSize: CHUNK, finishFlush }));
  } while (start < size);
  return { checksum, parts };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = sharedBytes(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
