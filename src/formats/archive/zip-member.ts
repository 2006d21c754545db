import { Readable, pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { KnownError } from '../../errors.ts';
import { type ByteSource, readPieces } from './byte-source.ts';
import type { ZipMember } from './zip-directory.ts';

const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
/** Bytes that are inflated at a time: with the 16 KiB of Node, passing them on takes as long as inflating them. */
const CHUNK_BYTES = 2 ** 17;

/**
 * The bytes of a member, stored or deflated. Ends with `corrupt_archive` if they are not as many as the directory says,
 * as soon as that is known, or do not match its checksum.
 */
export async function* readZipMember(
  source: ByteSource,
  member: ZipMember,
): AsyncGenerator<Uint8Array> {
  const { name, size, crc32: expected, method } = member;
  const start = await dataStart(source, member);
  const packed = readPieces(source, start, start + member.compressedSize);
  let received = 0;
  let checksum = 0;
  try {
    for await (const chunk of method === STORED ? packed : inflated(packed)) {
      received += chunk.length;
      if (received > size) throw damaged(name, `it has more than the ${size} bytes that it claims`);
      checksum = crc32(chunk, checksum);
      yield chunk;
    }
  } catch (error) {
    throw isZlibError(error) ? damaged(name, 'it cannot be inflated', error) : error;
  }
  if (received < size)
    throw damaged(name, `it has ${received} of the ${size} bytes that it claims`);
  if (checksum !== expected) throw damaged(name, 'its bytes do not match their checksum');
}

/**
 * The bytes of a member as the archive has them, compressed. They are not checked against the checksum: who
 * unpacks them does.
 */
export async function* readPackedMember(
  source: ByteSource,
  member: ZipMember,
): AsyncGenerator<Uint8Array> {
  const start = await dataStart(source, member);
  yield* readPieces(source, start, start + member.compressedSize);
}

/** Where the data begin: after a header of their own, whose lengths need not be those of the directory. */
async function dataStart(
  source: ByteSource,
  { name, rawName, offset, compressedSize }: ZipMember,
): Promise<number> {
  const nameEnd = offset + LOCAL_HEADER_BYTES + rawName.length;
  if (nameEnd > source.size) throw damaged(name, 'it lies past the end of the archive');
  const header = Buffer.from(await source.read(offset, nameEnd));
  const nameBytes = header.readUInt16LE(26);
  if (
    header.readUInt32LE() !== LOCAL_HEADER ||
    nameBytes !== rawName.length ||
    !header.subarray(LOCAL_HEADER_BYTES).equals(rawName)
  ) {
    throw damaged(name, 'its own header differs from the directory');
  }
  const start = nameEnd + header.readUInt16LE(28);
  if (start + compressedSize <= source.size) return start;
  throw damaged(name, 'it reaches past the end of the archive');
}

function inflated(packed: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  // The callback takes the error that the stream itself ends with.
  return pipeline(
    Readable.from(packed, { objectMode: false }),
    createInflateRaw({ chunkSize: CHUNK_BYTES }),
    () => {},
  );
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

function damaged(name: string, why: string, cause?: unknown): KnownError {
  return new KnownError('corrupt_archive', `"${name}" is damaged: ${why}.`, { cause });
}
