import { KnownError } from '../../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { type EndRecord, LOCATOR_BYTES } from './end-record.ts';

/** Where an archive, without its comment, lies in a file that may have something else in front of it and behind it. */
export interface ArchiveSpan {
  readonly start: number;
  readonly end: number;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const ZIP64_END = 0x06064b50;
const ZIP64_END_BYTES = 56;

/**
 * Finds the archive in a file with a program in front, as archives that extract themselves have it, or with
 * bytes behind the end, as Info-ZIP and Python do: by its end record, and by where its directory must begin.
 * The whole file if nothing says otherwise. Throws `corrupt_archive` for two archives joined. PKWARE, .ZIP
 * File Format Specification 6.3.10, 4.3.16.
 */
export async function findArchive(
  source: ByteSource,
  record: EndRecord | undefined,
): Promise<ArchiveSpan> {
  if (record === undefined) return { start: 0, end: source.size };
  const start = (await startOf(source, record)) ?? 0;
  if (start > 0) await refuseJoined(source);
  return { start, end: record.end };
}

/** Of two archives one behind the other, readers take the last: half of the images would be left out in silence. */
async function refuseJoined(source: ByteSource): Promise<void> {
  const first = Buffer.from(await source.read(0, 4));
  if (first.readUInt32LE() !== LOCAL_HEADER) return;
  throw new KnownError(
    'corrupt_archive',
    'The file holds two archives, one behind the other. Unpack both, and make one archive of their files.',
  );
}

/**
 * The archive of a span. Its end record says that no comment follows: in a comment, which may be any bytes, a
 * reader would look for the record.
 */
export function within(source: ByteSource, { start, end }: ArchiveSpan): ByteSource {
  if (start === 0 && end === source.size) return source;
  const commentLengthAt = end - start - 2;
  return {
    size: end - start,
    async read(first, last) {
      const bytes = await source.read(start + first, start + last);
      if (last <= commentLengthAt) return bytes;
      return Uint8Array.from(bytes, (byte, at) => (first + at < commentLengthAt ? byte : 0));
    },
  };
}

interface Directory {
  /** Where it ends in the file. */
  readonly end: number;
  readonly bytes: number;
  /** Where the archive counts that it begins. */
  readonly offset: number;
}

/**
 * Where the archive begins: as far behind the start of the file as its directory is from where the end record
 * has it.
 */
async function startOf(source: ByteSource, record: EndRecord): Promise<number | undefined> {
  const { end, bytes, offset } = (await zip64Directory(source, record)) ?? {
    end: record.at,
    bytes: record.directoryBytes,
    offset: record.directoryOffset,
  };
  const directoryAt = end - bytes;
  const start = directoryAt - offset;
  if (!Number.isSafeInteger(start) || start < 0 || offset < 0) return undefined;
  if (bytes === 0) return start;
  if (directoryAt + 4 > record.at) return undefined;
  const header = Buffer.from(await source.read(directoryAt, directoryAt + 4));
  return header.readUInt32LE() === CENTRAL_HEADER ? start : undefined;
}

/** By the end record of ZIP64, which stands before its locator, and that before the end record. */
async function zip64Directory(
  source: ByteSource,
  { at, isZip64 }: EndRecord,
): Promise<Directory | undefined> {
  const end = at - LOCATOR_BYTES - ZIP64_END_BYTES;
  if (!isZip64 || end < 0) return undefined;
  const record = Buffer.from(await source.read(end, end + ZIP64_END_BYTES));
  if (record.readUInt32LE() !== ZIP64_END) return undefined;
  return {
    end,
    bytes: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}
