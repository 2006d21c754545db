import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { KnownError } from '../../errors.ts';
import { sharedBytes } from '../../imaging/array.ts';
import { describeFile } from '../unread/unread-format.ts';
import { TAR_BLOCK, upToTarEnd } from './tar-end.ts';

interface Wanted {
  /** What the user calls the archive, for messages. */
  readonly name: string;
  /** Files wanted, by their names in the archive. */
  readonly files: readonly string[];
  /** Bytes at most of a file that is wanted; the archive may have three times as many once it is unpacked. */
  readonly maxBytes: number;
  /** Called with the bytes that the files wanted have taken in all, replaced ones included, before each is read. */
  readonly holds?: (bytes: number) => void;
}

/**
 * Files of a tar archive, gzipped or not, in shared memory; the others are passed over. Of files with one
 * name the last is meant, as in Python: what is appended to an archive replaces. Throws `corrupt_archive` if
 * one is missing or the archive is damaged, `file_too_large` and `archive_too_large` before memory is taken,
 * `unsupported_file` for other compressions.
 */
export async function readTarFiles(
  body: AsyncIterable<Uint8Array>,
  { name, files, maxBytes, holds }: Wanted,
): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  let held = 0;
  const unpacked = extract();
  const chunks = body[Symbol.asyncIterator]();
  const start = await startOf(chunks);
  let entries = 0;
  // The callback takes the error that the loop below ends with.
  pipeline(
    Readable.from(plain({ start, chunks }, name, maxBytes), { objectMode: false }),
    unpacked,
    () => {},
  );
  try {
    for await (const entry of unpacked) {
      entries++;
      const { name: path, size, type } = entry.header;
      const file = path.replace(/^\.\//, '');
      if (files.includes(file) && type === 'file') {
        checkSize(file, size, maxBytes);
        found.delete(file);
        holds?.((held += size));
        // Its types leave out that the chunks of an entry are bytes.
        found.set(file, await collect(entry as AsyncIterable<Uint8Array>, size));
      } else entry.resume();
    }
  } catch (error) {
    if (error instanceof KnownError) throw error;
    if (entries === 0 && compressionOf(start) === undefined) throw notTar(name, start, error);
    throw damaged(name, files, error);
  }
  const missing = files.find((file) => !found.has(file));
  if (missing === undefined) return found;
  throw new KnownError('corrupt_archive', `"${name}" holds no ${missing}.`);
}

function checkSize(file: string, size: number, maxBytes: number): void {
  if (size <= maxBytes) return;
  throw new KnownError(
    'file_too_large',
    `"${file}" has ${size} bytes; at most ${maxBytes} are allowed (MAX_FILE_BYTES).`,
  );
}

async function collect(chunks: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const bytes = sharedBytes(size);
  let filled = 0;
  for await (const chunk of chunks) {
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return bytes;
}

/** First bytes of the compressions that Python's tarfile writes. */
const COMPRESSIONS = { gzip: [0x1f, 0x8b], bzip2: [0x42, 0x5a, 0x68], xz: [0xfd, 0x37, 0x7a] };

/** A body whose first bytes were read. */
interface Started {
  readonly start: Uint8Array;
  readonly chunks: AsyncIterator<Uint8Array>;
}

/** The first bytes, as many as tell what a file is; fewer of a file that has no more. */
async function startOf(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let bytes = 0; bytes < TAR_BLOCK;) {
    const next = await chunks.next();
    if (next.done === true) break;
    parts.push(next.value);
    bytes += next.value.length;
  }
  const [first = new Uint8Array()] = parts;
  return parts.length > 1 ? Buffer.concat(parts) : first;
}

/** The archive without its compression, which ends with an error once it is larger than it may be. */
async function* plain(
  { start, chunks }: Started,
  name: string,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  try {
    if (start.length === 0) throw new KnownError('corrupt_archive', `"${name}" is empty: 0 bytes.`);
    const compression = compressionOf(start);
    if (compression !== undefined && compression !== 'gzip') {
      throw new KnownError(
        'unsupported_file',
        `"${name}" is compressed with ${compression}; tar archives are read plain or gzipped.`,
      );
    }
    const whole = joined(start, chunks);
    const unpacked = compression === 'gzip' ? gunzipped(whole) : whole;
    yield* upToTarEnd(bounded(unpacked, name, maxBytes));
  } finally {
    // The end of the archive may have been in its first bytes.
    await chunks.return?.();
  }
}

async function* joined(
  start: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield start;
  yield* { [Symbol.asyncIterator]: () => rest };
}

function compressionOf(start: Uint8Array): keyof typeof COMPRESSIONS | undefined {
  // The entries of a literal have the keys of its type.
  const known = Object.entries(COMPRESSIONS) as [keyof typeof COMPRESSIONS, number[]][];
  return known.find(([, magic]) => magic.every((byte, index) => start[index] === byte))?.[0];
}

function gunzipped(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return pipeline(Readable.from(body, { objectMode: false }), createGunzip(), () => {});
}

async function* bounded(
  body: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  // Two arrays of the size allowed, and some lineage.
  const most = 3 * maxBytes;
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > most) {
      throw new KnownError(
        'archive_too_large',
        `"${name}" has more than ${most} bytes unpacked, three times what MAX_FILE_BYTES allows.`,
      );
    }
    yield chunk;
  }
}

function notTar(name: string, start: Uint8Array, cause: unknown): KnownError {
  const what = `"${name}" ${describeFile(start)}. It is no tar archive, as .trk and .trks files are, or is damaged.`;
  return new KnownError('corrupt_archive', what, { cause });
}

function damaged(name: string, files: readonly string[], cause: unknown): KnownError {
  const isCutOff = cause instanceof Error && /unexpected end/i.test(cause.message);
  const why = isCutOff
    ? 'ends too early; upload it again'
    : `is not a tar archive of ${files.join(' and ')}, or is damaged`;
  return new KnownError('corrupt_archive', `"${name}" ${why}.`, { cause });
}
