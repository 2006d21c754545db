import { entryNames } from './archive/entry-names.ts';
import { type PackedFile, packFile } from './archive/pack-file.ts';
import { type RawEntry, writeRawZip } from './archive/write-raw-zip.ts';

/*
 * Why not archiver, which wrote archives before: it takes `plate: a.tif` for a file on a drive and stores `
 * a.tif`, turns backslashes into slashes, cannot be told not to, writes sizes behind the data, and computes
 * checksums in JavaScript, where Node has zlib's.
 */

/** One file of an archive. */
export interface Entry extends PackedFile {
  /** Path with `/`, relative. */
  readonly name: string;
}

/** Gives the bytes of an archive, from the start each time it is called, and the same each time. */
export type Archive = () => AsyncIterable<Uint8Array>;

const DEFLATED = 8;
/** Bytes sent at a time: a bucket need not hold a whole file. */
const CHUNK = 2 ** 18;

/** Packs a file for an archive, on the thread that calls it. */
export function packEntry(name: string, bytes: Uint8Array): Entry {
  return { name, ...packFile({ kind: 'bytes', bytes }) };
}

/**
 * A zip archive of files in this order, as a stream; `entryNames` says what they are called. All are
 * deflated, for Java's reader takes none that is stored if its size stands behind its data, and some tools
 * add that.
 */
export function zipArchive(entries: readonly Entry[]): Archive {
  const names = entryNames(entries.map(({ name }) => name));
  return () => writeRawZip(rawEntries(entries, names));
}

async function* rawEntries(
  entries: readonly Entry[],
  names: readonly string[],
): AsyncGenerator<RawEntry> {
  for (const [index, { crc32, size, packed }] of entries.entries()) {
    const name = names[index] ?? '';
    const compressedSize = packed.length;
    yield { name, method: DEFLATED, crc32, size, compressedSize, packed: chunks(packed) };
  }
}

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += CHUNK) {
    yield bytes.subarray(start, start + CHUNK);
  }
}
