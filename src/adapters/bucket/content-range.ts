import type { Readable } from 'node:stream';
import { KnownError } from '../../errors.ts';
import type { ByteRange, StoredRange } from '../../ports.ts';

/** The value of a Range header. https://www.rfc-editor.org/rfc/rfc9110#name-range-requests */
export function rangeHeader({ start, end }: ByteRange): string {
  return `bytes=${start}-${end - 1}`;
}

/** What a Content-Range header says: bytes in the answer, and bytes of the whole object. */
export interface ContentRange {
  readonly size: number;
  readonly total: number;
}

interface Answer {
  readonly key: string;
  readonly range: ByteRange;
  /** Its Content-Range header. */
  readonly header: string | undefined;
}

/**
 * Reads the Content-Range of an answer, whose body is destroyed if it is not the range asked for. A
 * store that sends no such header has sent the whole object: Google does so for objects stored with
 * Content-Encoding gzip. Throws `unsupported_file` then, and `bucket_unavailable` if the answer
 * begins elsewhere.
 */
export function readContentRange(body: Readable, { key, range, header }: Answer): ContentRange {
  const [whole, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header ?? '') ?? [];
  if (Number(first) === range.start) {
    return { size: Number(last) - range.start + 1, total: Number(total) };
  }
  body.on('error', () => undefined);
  body.destroy();
  throw whole === undefined ? noParts(key) : otherPart(key, whole, range);
}

function noParts(key: string): KnownError {
  return new KnownError(
    'unsupported_file',
    `The store cannot serve parts of "${key}". Upload it again without Content-Encoding.`,
  );
}

function otherPart(key: string, whole: string, { start }: ByteRange): KnownError {
  return new KnownError(
    'bucket_unavailable',
    `The store sent ${whole} of "${key}", but was asked for bytes from ${start} on.`,
  );
}

/** What an object gives that has no bytes in a range: nothing if it is empty, else `missing_object`. */
export function emptyRange(key: string, { start }: ByteRange): StoredRange {
  if (start === 0) return { total: 0, version: 'empty', body: noBytes() };
  throw new KnownError('missing_object', `"${key}" has no bytes from ${start} on.`);
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}
