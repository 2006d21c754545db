import { KnownError } from '../../errors.ts';
import type { ByteSource } from './byte-source.ts';

const MOST_32 = 2 ** 32 - 1;
const END = Buffer.from('PK\x05\x06', 'latin1');
const END_BYTES = 22;
const LONGEST_COMMENT = 2 ** 16 - 1;
const LOCATOR = 0x07064b50;
const LOCATOR_BYTES = 20;

/**
 * Refuses an archive above 4 GiB without ZIP64, as the Archive Utility of macOS writes it: its places are counted modulo 2³²,
 * and do not say where a member begins.
 */
export async function checkZip64(source: ByteSource): Promise<void> {
  if (source.size <= MOST_32) return;
  const start = source.size - LONGEST_COMMENT - END_BYTES - LOCATOR_BYTES;
  const tail = Buffer.from(await source.read(start, source.size));
  const end = tail.lastIndexOf(END);
  // Something else than an archive: not for us to say.
  if (end < LOCATOR_BYTES || tail.readUInt32LE(end - LOCATOR_BYTES) === LOCATOR) return;
  throw new KnownError(
    'corrupt_archive',
    'The archive is larger than 4 GiB and was written without ZIP64, as "Compress" in the Finder of macOS does: its directory ' +
      'cannot say where its members are. Make it with "zip -r" or 7-Zip, or split it.',
  );
}
