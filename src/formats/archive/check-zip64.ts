import { KnownError } from '../../errors.ts';
import type { ByteSource } from './byte-source.ts';
import type { EndRecord } from './end-record.ts';

const MOST_32 = 2 ** 32 - 1;

/**
 * Refuses an archive above 4 GiB without ZIP64, as the Archive Utility of macOS writes it: its places are
 * counted modulo 2³², and do not say where a member begins.
 */
export function checkZip64({ size }: ByteSource, record: EndRecord | undefined): void {
  // Without a record it is something else than an archive: not for us to say.
  if (size <= MOST_32 || record === undefined || record.isZip64) return;
  throw new KnownError(
    'corrupt_archive',
    'The archive is larger than 4 GiB and was written without ZIP64, as "Compress" in the Finder ' +
      'of macOS does: its directory ' +
      'cannot say where its members are. Make it with "zip -r" or 7-Zip, or split it.',
  );
}
