import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ZipFile, openPromise } from 'yauzl';
import { KnownError } from '../../errors.ts';

/**
 * Unpacks an archive into a folder, which it makes. An archive that is damaged, or has a path that leads out of the folder, is
 * `corrupt_archive`; what the disk refuses is thrown as it is.
 */
export async function unpack(archive: string, folder: string): Promise<void> {
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(archive);
    await writeEntries(zip, folder);
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new KnownError('corrupt_archive', `The result cannot be unpacked: ${said}`, { cause });
  } finally {
    zip?.close();
  }
}

async function writeEntries(zip: ZipFile, folder: string): Promise<void> {
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    const target = pathWithin(folder, entry.fileName);
    await mkdir(dirname(target), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
  }
}

function pathWithin(folder: string, name: string): string {
  const root = resolve(folder);
  const target = resolve(root, name);
  if (target.startsWith(root + sep)) return target;
  throw new KnownError('corrupt_archive', `"${name}" leads out of the folder.`);
}
