import type { ByteSource } from './byte-source.ts';

/** The record at the end of a zip archive, which says where its directory is. */
export interface EndRecord {
  /** Where it begins in the file, and where it ends: its comment follows. */
  readonly at: number;
  readonly end: number;
  /** Bytes of the directory, and where the archive counts that it begins. */
  readonly directoryBytes: number;
  readonly directoryOffset: number;
  /** Whether a ZIP64 record precedes it. */
  readonly isZip64: boolean;
}

const SIGNATURE = Buffer.from('PK\x05\x06', 'latin1');
const RECORD_BYTES = 22;
const LONGEST_COMMENT = 2 ** 16 - 1;
const LOCATOR = 0x07064b50;
export const LOCATOR_BYTES = 20;

/**
 * The end record whose comment reaches to the end of the file; else the last one whose comment fits;
 * undefined if there is none.
 */
export async function findEndRecord(source: ByteSource): Promise<EndRecord | undefined> {
  const from = Math.max(0, source.size - LONGEST_COMMENT - RECORD_BYTES - LOCATOR_BYTES);
  const tail = Buffer.from(await source.read(from, source.size));
  const at = lastIn(tail);
  if (at === undefined) return undefined;
  return {
    at: from + at,
    end: from + at + RECORD_BYTES,
    directoryBytes: tail.readUInt32LE(at + 12),
    directoryOffset: tail.readUInt32LE(at + 16),
    isZip64: at >= LOCATOR_BYTES && tail.readUInt32LE(at - LOCATOR_BYTES) === LOCATOR,
  };
}

function lastIn(tail: Buffer): number | undefined {
  let fitting: number | undefined;
  let at = tail.length;
  while (at > 0) {
    at = tail.lastIndexOf(SIGNATURE, at - 1);
    if (at < 0) break;
    if (at + RECORD_BYTES > tail.length) continue;
    const end = commentEnd(tail, at);
    if (end === tail.length) return at;
    if (end < tail.length) fitting ??= at;
  }
  return fitting;
}

function commentEnd(tail: Buffer, at: number): number {
  return at + RECORD_BYTES + tail.readUInt16LE(at + 20);
}
