import {
  type Entry,
  RandomAccessReader,
  type ZipFile,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
} from 'yauzl';
import { KnownError, messageOf } from '../../errors.ts';
import { findArchive, within } from './archive-span.ts';
import type { ByteSource } from './byte-source.ts';
import { checkZip64 } from './check-zip64.ts';
import { findEndRecord } from './end-record.ts';

/** What the directory of a zip archive says about one of its members. */
export interface ZipMember {
  /** Path as the archive has it, in which `/`, and in some archives `\`, separate folders. */
  readonly name: string;
  /** The bytes of the name, which stand before the data too. */
  readonly rawName: Uint8Array;
  /** Bytes of the file. */
  readonly size: number;
  /** Bytes that it takes in the archive. */
  readonly compressedSize: number;
  /** 0 stored, 8 deflated; others are not read. */
  readonly method: number;
  readonly crc32: number;
  /** Where the member begins in the file. */
  readonly offset: number;
  readonly isEncrypted: boolean;
  /** Type bits of its Unix mode: 0o100000 for a file, 0o120000 for a link; 0 where the archive does not say. */
  readonly fileType: number;
}

export interface DirectoryLimits {
  /** Members at most. */
  readonly maxEntries: number;
  /** Called with how many members there are before they are read; it may wait. */
  readonly onCount?: (members: number) => Promise<unknown>;
}

const CENTRAL_HEADER = 0x02014b50;

/**
 * Reads the directory of a zip archive, ZIP64 too: its members in their order, folders among them. Throws
 * `corrupt_archive` for what is no zip archive, and `archive_too_large` before it reads more members
 * than allowed. PKWARE, .ZIP File Format Specification 6.3.10.
 */
export async function readZipDirectory(
  source: ByteSource,
  { maxEntries, onCount }: DirectoryLimits,
): Promise<ZipMember[]> {
  if (source.size === 0) throw new KnownError('corrupt_archive', 'The archive is empty: 0 bytes.');
  const record = await findEndRecord(source);
  checkZip64(source, record);
  const span = await findArchive(source, record);
  const archive = within(source, span);
  const zip = await open(archive);
  if (zip.entryCount > maxEntries) throw tooMany(zip.entryCount, maxEntries);
  await onCount?.(zip.entryCount);
  const members: ZipMember[] = [];
  try {
    for await (const entry of zip.eachEntry()) members.push(memberOf(entry, span.start));
  } catch (error) {
    throw damaged(error);
  }
  await checkEnd(archive, zip);
  return members;
}

async function open(source: ByteSource): Promise<ZipFile> {
  try {
    return await fromRandomAccessReaderPromise(new SourceReader(source), source.size, {
      // Names and sizes are judged by us: yauzl would refuse the archive for one of its members.
      decodeStrings: false,
      validateEntrySizes: false,
      autoClose: false,
    });
  } catch (error) {
    throw damaged(error);
  }
}

/** A source as yauzl reads it; the directory is read in small steps, which the source should buffer. */
class SourceReader extends RandomAccessReader {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    const end = position + length;
    if (position < 0 || end > this.#source.size) {
      callback(new Error('it ends too early'));
      return;
    }
    this.#source.read(position, end).then(
      (bytes) => {
        buffer.set(bytes, offset);
        callback(null);
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  }
}

/** `start`: where the archive begins in its file. */
function memberOf(entry: Entry, start: number): ZipMember {
  return {
    name: nameOf(entry),
    // A copy: the bytes are part of a larger buffer.
    rawName: Uint8Array.from(entry.fileNameRaw),
    size: entry.uncompressedSize,
    compressedSize: entry.compressedSize,
    method: entry.compressionMethod,
    crc32: entry.crc32,
    offset: start + entry.relativeOffsetOfLocalHeader,
    isEncrypted: entry.isEncrypted(),
    fileType: (entry.externalFileAttributes >>> 16) & 0o170000,
  };
}

const UTF8_FLAG = 0x800;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The name in UTF-8 where the archive says so, else in code page 437. The archiver of macOS writes UTF-8
 * without saying so; no name in code page 437 that means anything is valid UTF-8 by chance.
 */
function nameOf({ fileNameRaw, generalPurposeBitFlag: flags, extraFields }: Entry): string {
  const told = getFileNameLowLevel(flags, fileNameRaw, extraFields, true);
  if ((flags & UTF8_FLAG) !== 0 || extraFields.some(({ id }) => id === 0x7075)) return told;
  try {
    return utf8.decode(fileNameRaw);
  } catch {
    return withControls(told, fileNameRaw);
  }
}

/** A name in code page 437, a character a byte, whose control characters are no pictures: as Python reads it. */
function withControls(name: string, bytes: Uint8Array): string {
  return Array.from(name, (letter, at) => {
    const byte = bytes[at] ?? 0;
    return byte < 0x20 ? String.fromCharCode(byte) : letter;
  }).join('');
}

/** The directory may not go on behind its last member: what it hides would be left out in silence. */
async function checkEnd(source: ByteSource, { readEntryCursor }: ZipFile): Promise<void> {
  // The types call it a boolean; it is the place behind the last member that was read.
  const at = readEntryCursor as unknown as number;
  if (at + 4 > source.size) return;
  const next = await source.read(at, at + 4);
  if (Buffer.from(next).readUInt32LE() !== CENTRAL_HEADER) return;
  throw damaged(new Error('its directory has more members than it says'));
}

function tooMany(count: number, most: number): KnownError {
  return new KnownError(
    'archive_too_large',
    `The archive has ${count} members; at most ${most} are allowed (MAX_ARCHIVE_ENTRIES).`,
  );
}

/** The message of yauzl as ours; an error of the source stays what it is. */
function damaged(error: unknown): KnownError {
  if (error instanceof KnownError) return error;
  const text = messageOf(error);
  const [first = ''] = text.split(/[.\n]/);
  const what = first.startsWith('End of central directory record signature not found')
    ? 'The file is not a zip archive, or it was cut off'
    : `The zip archive is damaged: ${first}`;
  return new KnownError('corrupt_archive', `${what}.`, { cause: error });
}
