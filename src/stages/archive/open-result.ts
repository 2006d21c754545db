import type { StageContext } from '../../flow/stage.ts';
import type { ByteSource } from '../../formats/archive/byte-source.ts';
import { type ZipMember, readZipDirectory } from '../../formats/archive/zip-directory.ts';
import { openObjectSource } from './object-source.ts';

/** The archive of a result, read as far as its directory. */
export interface OpenedResult {
  readonly source: ByteSource;
  readonly members: readonly ZipMember[];
}

/** Results are read from front to end: the block in use and the next are enough. */
const BLOCKS_KEPT = 3;
/** More entries than any workflow writes. */
const MOST_ENTRIES = 100_000;

/** Opens the result of a child. Throws `missing_object` or `corrupt_archive` if there is none. */
export async function openResult(
  fileName: string,
  { bucket, persist, signal }: StageContext,
): Promise<OpenedResult> {
  const source = await openObjectSource(fileName, {
    bucket,
    signal,
    persist: (attempt) => persist('bucket_read', attempt),
    blocksKept: BLOCKS_KEPT,
  });
  return { source, members: await readZipDirectory(source, { maxEntries: MOST_ENTRIES }) };
}
