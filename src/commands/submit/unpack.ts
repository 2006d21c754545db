import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type ZipFile, openPromise } from 'yauzl';
import { KnownError, messageOf } from '../../errors.ts';
import { localPath } from '../../results/local-name.ts';
import type { Renamed } from '../../results/record.ts';

/** What lies in a folder now. */
export interface Unpacked {
  readonly names: string[];
  readonly renamed: Renamed;
}

/**
 * Unpacks an archive into a folder, which it makes, and tells the names of the files; those that no disk
 * takes are shortened. An archive that is damaged, or has a path that leads out of the folder, is
 * `corrupt_archive`; what the disk refuses is thrown as it is.
 */
export async function unpack(archive: string, folder: string): Promise<Unpacked> {
  let zip: ZipFile | undefined;
  try {
    // Decoded here: yauzl takes `a: b.tif` for an absolute path.
    zip = await openPromise(archive, { decodeStrings: false });
    return await writeEntries(zip, folder);
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause) throw cause;
    const said = messageOf(cause);
    throw new KnownError('corrupt_archive', `The result cannot be unpacked: ${said}`, { cause });
  } finally {
    zip?.close();
  }
}

async function writeEntries(zip: ZipFile, folder: string): Promise<Unpacked> {
  const names: string[] = [];
  const renamed: Record<string, string> = {};
  for await (const entry of zip.eachEntry()) {
    // Its type knows only decoded names.
    const inside = (entry.fileName as unknown as Buffer).toString();
    if (inside.endsWith('/')) continue;
    const name = localPath(inside);
    if (name !== inside) renamed[name] = inside;
    const target = pathWithin(folder, name);
    await mkdir(dirname(target), { recursive: true });
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
    names.push(name);
  }
  return { names, renamed };
}

/** Where a file of an archive goes; `corrupt_archive` for a name that leads out of the folder. */
export function pathWithin(folder: string, name: string): string {
  const root = resolve(folder);
  const target = resolve(root, name);
  if (target.startsWith(root + sep)) return target;
  throw new KnownError('corrupt_archive', `"${name}" leads out of the folder.`);
}
