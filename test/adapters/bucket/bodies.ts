import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { Bucket } from '../../../src/ports.ts';

/** Never fires. */
export const never = new AbortController().signal;
export const options = { contentType: 'application/zip', signal: never };

/** Bytes in pieces of some size. */
export async function* pieces(bytes: Uint8Array, size = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** More than a part of S3 and than two chunks of Google Cloud Storage, and the last of each is a short one. */
export const LARGE_BYTES = 9 * 2 ** 20 + 5;
/** More than a bucket may hold of a body at once. */
export const HUGE_BYTES = 32 * 2 ** 20 + 5;

/** Some MiB and a few bytes, none like those before, made one MiB at a time. */
export async function* largeBody(
  size = LARGE_BYTES,
  onPiece: (bytes: number) => void = () => {},
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < size; at += 2 ** 20) {
    const piece = Buffer.alloc(Math.min(2 ** 20, size - at), `piece at ${at} `);
    onPiece(piece.length);
    yield piece;
  }
}

export async function digest(body: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of body) hash.update(chunk);
  return hash.digest('hex');
}

export async function read(bucket: Bucket, key: string): Promise<Buffer> {
  return buffer((await bucket.open(key, never)).body);
}
