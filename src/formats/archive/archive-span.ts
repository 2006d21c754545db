import { KnownError } from '../../errors.ts';
import type { ByteSource } from './byte-source.ts';

/** Where an archive lies in a file that may have something else in front of it and behind it. */
export interface ArchiveSpan {
  readonly start: number;
  readonly end: number;
}

const END = Buffer.from('PK\x05\x06', 'latin1');
const END_BYTES = 22;
const LONGEST_COMMENT = 2 ** 16 - 1;
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const ZIP64_END = 0x06064b50;
const ZIP64_END_BYTES = 56;
const LOCATOR_BYTES = 20;

/**
 * Finds the archive in a file with a program in front, as archives that extract themselves have it, or with bytes behind the
 * end, as Info-ZIP and Python do: by the last end record, and by where its directory must begin. The whole file if nothing says
 * otherwise. Throws `corrupt_archive` for two archives joined. PKWARE, .ZIP File Format Specification 6.3.10, 4.3.16.
 */
export async function findArchive(source: ByteSource): Promise<ArchiveSpan> {
  const whole = { start: 0, end: source.size };
  const from = Math.max(0, source.size - LONGEST_COMMENT - END_BYTES);
  const tail = Buffer.from(await source.read(from, source.size));
  const at = lastEnd(tail);
  if (at === undefined) return whole;
  const length = END_BYTES + tail.readUInt16LE(at + 20);
  const end = Math.min(source.size, from + at + length);
  const start = await startOf(source, from + at, tail.subarray(at, at + END_BYTES));
  if (start === undefined) return whole;
  if (start > 0) await refuseJoined(source);
  return { start, end };
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

/** The bytes of a source within a span. */
export function within(source: ByteSource, { start, end }: ArchiveSpan): ByteSource {
  if (start === 0 && end === source.size) return source;
  return {
    size: end - start,
    read: (first, last) => source.read(start + first, start + last),
  };
}

/** The end record whose comment reaches to the end of the file; else the last one whose comment fits. */
function lastEnd(tail: Buffer): number | undefined {
  let fitting: number | undefined;
  let at = tail.length;
  while (at > 0) {
    at = tail.lastIndexOf(END, at - 1);
    if (at < 0) break;
    if (at + END_BYTES > tail.length) continue;
    const end = at + END_BYTES + tail.readUInt16LE(at + 20);
    if (end === tail.length) return at;
    if (end < tail.length) fitting ??= at;
  }
  return fitting;
}

/** Where the archive begins: as far behind the start of the file as its directory is from where the end record has it. */
async function startOf(
  source: ByteSource,
  endAt: number,
  record: Buffer,
): Promise<number | undefined> {
  const long = await zip64End(source, endAt);
  const size = long?.size ?? record.readUInt32LE(12);
  const offset = long?.offset ?? record.readUInt32LE(16);
  const directoryAt = (long?.at ?? endAt) - size;
  const start = directoryAt - offset;
  if (!Number.isSafeInteger(start) || start < 0 || offset < 0) return undefined;
  if (size === 0) return start;
  if (directoryAt + 4 > endAt) return undefined;
  const header = Buffer.from(await source.read(directoryAt, directoryAt + 4));
  return header.readUInt32LE() === CENTRAL_HEADER ? start : undefined;
}

interface Zip64End {
  readonly at: number;
  readonly size: number;
  readonly offset: number;
}

/** The end record of ZIP64, which stands before its locator, and that before the end record. */
async function zip64End(source: ByteSource, endAt: number): Promise<Zip64End | undefined> {
  const at = endAt - LOCATOR_BYTES - ZIP64_END_BYTES;
  if (at < 0) return undefined;
  const record = Buffer.from(await source.read(at, at + ZIP64_END_BYTES));
  if (record.readUInt32LE() !== ZIP64_END) return undefined;
  return {
    at,
    size: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}
