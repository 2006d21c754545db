import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ZipFile, openPromise } from 'yauzl';
import { KnownError } from '../../errors.ts';

/**
 * Unpacks an archive into a folder, which it makes, and tells the names of the files. An archive that is damaged, or has a path that leads out of the folder, is
 * `corrupt_archive`; what the disk refuses is thrown as it is.
 */
export async function unpack(archive: string, folder: string): Promise<string[]> {
  let zip: ZipFile | undefined;
  try {
    // Decoded here: yauzl takes `a: b.tif` for an absolute path.
    zip = await openPromise(archive, { decodeStrings: false });
    return await writeEntries(zip, folder);
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) throw cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new KnownError('corrupt_archive', `The result cannot be unpacked: ${said}`, { cause });
  } finally {
    zip?.close();
  }
}

async function writeEntries(zip: ZipFile, folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of zip.eachEntry()) {
    // Its type knows only decoded names.
    const name = (entry.fileName as unknown as Buffer).toString();
    if (name.endsWith('/')) continue;
    const target = pathWithin(folder, name);
    await mkdir(dirname(target), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
    names.push(name);
  }
  return names;
}

/** Where a file of an archive goes; `corrupt_archive` for a name that leads out of the folder. */
export function pathWithin(folder: string, name: string): string {
  const root = resolve(folder);
  const target = resolve(root, name);
  if (target.startsWith(root + sep)) return target;
  throw new KnownError('corrupt_archive', `"${name}" leads out of the folder.`);
}
