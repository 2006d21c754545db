import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { KnownError } from '../../errors.ts';

/** Unpacks an archive into a folder, which it makes. An archive with a path that leads out of the folder is refused. */
export async function unpack(archive: string, folder: string): Promise<void> {
  const zip = await openPromise(archive);
  try {
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      const target = pathWithin(folder, entry.fileName);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target));
    }
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new KnownError('corrupt_archive', `The result cannot be unpacked: ${said}`, { cause });
  } finally {
    zip.close();
  }
}

function pathWithin(folder: string, name: string): string {
  const root = resolve(folder);
  const target = resolve(root, name);
  if (target.startsWith(root + sep)) return target;
  throw new KnownError('corrupt_archive', `"${name}" leads out of the folder.`);
}
