import { Readable, pipeline } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';
import { entryNames } from './archive/entry-names.ts';
import { type RawEntry, writeRawZip } from './archive/write-raw-zip.ts';

/*
 * Why not archiver, which wrote archives before: it takes `plate: a.tif` for a file on a drive and stores `
 * a.tif`, turns backslashes into slashes, cannot be told not to, writes sizes behind the data, and computes
 * checksums in JavaScript, where Node has zlib's.
 */

/** One file of an archive. */
export interface Entry {
  /** Path with `/`, relative. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Gives the bytes of an archive, from the start each time it is called, and the same each time. */
export type Archive = () => AsyncIterable<Uint8Array>;

const DEFLATED = 8;
/** Label images are so uniform that more effort gains little. */
const LEVEL = 1;
const CHUNK = 2 ** 18;

/**
 * A zip archive of files in this order, as a stream; `entryNames` says what they are called. All are
 * deflated, for Java's reader takes none that is stored if its size stands behind its data, and some tools
 * add that. One file at a time is compressed, and held until it is sent.
 */
export function zipArchive(entries: readonly Entry[]): Archive {
  const names = entryNames(entries.map(({ name }) => name));
  return () => writeRawZip(deflatedEntries(entries, names));
}

async function* deflatedEntries(
  entries: readonly Entry[],
  names: readonly string[],
): AsyncGenerator<RawEntry> {
  for (const [index, { bytes }] of entries.entries()) {
    yield {
      name: names[index] ?? '',
      method: DEFLATED,
      size: bytes.length,
      ...(await deflate(bytes)),
    };
  }
}

type Deflated = Pick<RawEntry, 'crc32' | 'compressedSize' | 'packed'>;

/** Off the event loop, as streams of zlib are. */
async function deflate(bytes: Uint8Array): Promise<Deflated> {
  let checksum = 0;
  const source = function* (): Generator<Uint8Array> {
    for (const chunk of chunks(bytes)) {
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  };
  const pieces: Uint8Array[] = [];
  const options = { level: LEVEL, chunkSize: CHUNK };
  const packer = createDeflateRaw(options);
  // The callback takes the error that the stream itself ends with.
  const stream = pipeline(Readable.from(source()), packer, () => {});
  for await (const piece of stream as AsyncIterable<Uint8Array>) pieces.push(piece);
  const compressedSize = pieces.reduce((sum, { length }) => sum + length, 0);
  return { crc32: checksum, compressedSize, packed: Readable.from(pieces) };
}

/** Copies: zlib does not take shared memory. */
function* chunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += CHUNK) {
    yield new Uint8Array(bytes.subarray(start, start + CHUNK));
  }
}
