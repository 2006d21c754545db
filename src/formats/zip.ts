import { Readable } from 'node:stream';
import { ZipArchive } from 'archiver';

/** One file of an archive. */
export interface Entry {
  /** Path with `/`, relative. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Gives the bytes of an archive, from the start each time it is called, and the same each time. */
export type Archive = () => AsyncIterable<Uint8Array>;

/** The earliest date that a zip can tell: equal files make equal archives, whenever they are made. */
const DATE = new Date('1980-01-01T00:00:00Z');
const MODE = 0o644;
/** Label images are so uniform that more effort gains little. */
const LEVEL = 1;
const CHUNK = 2 ** 18;

/**
 * A zip archive of files in this order, deflated, as a stream. One entry at a time: archiver would hold all that it is given. No entry is stored
 * uncompressed, because Java's reader takes none whose size follows its data.
 */
export function zipArchive(entries: readonly Entry[]): Archive {
  return async function* () {
    const archive = new ZipArchive({ zlib: { level: LEVEL } });
    const filled = fill(archive, entries);
    filled.catch((error: unknown) => archive.destroy(error instanceof Error ? error : undefined));
    // archiver is a readable stream of Buffers.
    yield* archive as AsyncIterable<Uint8Array>;
    await filled;
  };
}

async function fill(archive: ZipArchive, entries: readonly Entry[]): Promise<void> {
  for (const { name, bytes } of entries) {
    const written = new Promise<void>((resolve, reject) => {
      archive.once('entry', () => resolve());
      archive.once('error', reject);
    });
    archive.append(Readable.from(chunks(bytes)), { name: safeName(name), date: DATE, mode: MODE });
    await written;
  }
  await archive.finalize();
}

/** Copies: zlib does not take shared memory. */
function* chunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += CHUNK) {
    yield new Uint8Array(bytes.subarray(start, start + CHUNK));
  }
}

/** A name that stays inside the folder into which the archive is unpacked. */
function safeName(name: string): string {
  const steps = name.split(/[/\\]/).filter((step) => step !== '' && step !== '.' && step !== '..');
  return steps.join('/').replaceAll('\0', '') || 'unnamed';
}
