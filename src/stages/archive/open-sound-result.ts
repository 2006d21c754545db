import { KnownError, classify } from '../../errors.ts';
import type { StageContext } from '../../flow/stage.ts';
import type { ByteSource } from '../../formats/archive/byte-source.ts';
import type { ZipMember } from '../../formats/archive/zip-directory.ts';
import { readPackedMember, readZipMember } from '../../formats/archive/zip-member.ts';
import { type OpenedResult, openResult } from './open-result.ts';

/**
 * Opens the result of a child and reads all of its files, so that none of a damaged one is copied. Folders among
 * its entries are left out. Throws what `openResult` does, and `unsupported_file` for what cannot be read; ends
 * soon after `unwanted` fires.
 */
export async function openSoundResult(
  fileName: string,
  context: StageContext,
  unwanted: AbortSignal,
): Promise<OpenedResult> {
  const { source, members } = await openResult(fileName, context);
  const files = members.filter(isFile);
  for (const member of files) await verify(source, member, unwanted);
  return { source, members: files };
}

/**
 * The bytes of a file of a result that has been found sound, compressed. If the result was overwritten or removed
 * since, it ends with an error after which the stage begins again, and finds what has become of it.
 */
export async function* copySoundMember(
  source: ByteSource,
  member: ZipMember,
): AsyncGenerator<Uint8Array> {
  try {
    yield* readPackedMember(source, member);
  } catch (thrown) {
    const error = classify(thrown);
    if (error.kind !== 'bad_input') throw error;
    const message = `A result changed while it was copied: ${error.message}`;
    throw new KnownError('bucket_corrupt_transfer', message, { cause: error });
  }
}

const FOLDER = 0o040000;

function isFile({ name, fileType }: ZipMember): boolean {
  return !name.endsWith('/') && fileType !== FOLDER;
}

const STORED = 0;
const DEFLATED = 8;

async function verify(source: ByteSource, member: ZipMember, unwanted: AbortSignal): Promise<void> {
  const { name, isEncrypted, method } = member;
  if (isEncrypted) throw new KnownError('unsupported_file', `"${name}" is encrypted.`);
  if (method !== STORED && method !== DEFLATED) {
    const message = `"${name}" is compressed by method ${method}, which is not read.`;
    throw new KnownError('unsupported_file', message);
  }
  const bytes = readZipMember(source, member);
  try {
    // At its end this compares size and checksum.
    while ((await bytes.next()).done !== true) unwanted.throwIfAborted();
  } finally {
    await bytes.return(undefined);
  }
}
