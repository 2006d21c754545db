import { createHash } from 'node:crypto';

/** Bytes of a file name that the usual file systems take at most. */
const MOST_BYTES = 255;
/** Bytes at the end that are kept: what tells the files of a result from each other, and the ending. */
const TAIL_BYTES = 64;
const HASH_DIGITS = 8;

/**
 * The name under which a disk keeps a file of this name: itself, or if it has more than 255 bytes, its
 * beginning and its end with a hash of the whole between them, so that different names stay different.
 */
export function localName(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= MOST_BYTES) return name;
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, HASH_DIGITS);
  const headBytes = MOST_BYTES - TAIL_BYTES - HASH_DIGITS - 2;
  return `${firstBytes(bytes, headBytes)}~${hash}~${lastBytes(bytes, TAIL_BYTES)}`;
}

/** The same for each part of a path with slashes. */
export function localPath(path: string): string {
  return path.split('/').map(localName).join('/');
}

/** Whole characters only. */
function firstBytes(bytes: Buffer, most: number): string {
  let end = most;
  while (isInside(bytes, end)) end--;
  return bytes.toString('utf8', 0, end);
}

function lastBytes(bytes: Buffer, most: number): string {
  let start = bytes.length - most;
  while (isInside(bytes, start)) start++;
  return bytes.toString('utf8', start);
}

/** Whether this byte goes on with a character of UTF-8. */
function isInside(bytes: Buffer, at: number): boolean {
  return ((bytes[at] ?? 0) & 0xc0) === 0x80;
}
