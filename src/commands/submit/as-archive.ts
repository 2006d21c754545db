import { basename, extname, resolve, sep } from 'node:path';
import { ZipArchive } from 'archiver';
import { KnownError, messageOf } from '../../errors.ts';
import { entryNames } from '../../formats/archive/entry-names.ts';
import type { Found, InputFile } from './find-files.ts';
import { isImage } from './taken-names.ts';

interface Member {
  readonly path: string;
  /** What it is called in the archive. */
  readonly name: string;
}

/** Images change little by being deflated, and the network is fast. */
const LEVEL = 1;

/**
 * All files as one archive, which is made while it is sent: `<folder>.zip` of one folder or `<file>.zip` of
 * one file, `images.zip` of several. `bad_usage` if one is no image, because a zip job would skip it
 * silently. `say` reports each file that gets another name in the archive.
 */
export function asArchive(
  files: readonly Found[],
  paths: readonly string[],
  say: (line: string) => void,
): InputFile {
  for (const file of files) refuseOther(file);
  const names = entryNames(files.map(({ name }) => entryName(name)));
  const members = files.map(({ path }, at) => ({ path, name: names[at] ?? '' }));
  for (const [at, { path, name }] of members.entries()) {
    if (name !== files[at]?.name.split(sep).join('/'))
      say(`"${path}" is called "${name}" in the archive.`);
  }
  const stem = stemOf(paths);
  return { path: `${stem}.zip`, folder: stem, read: () => packed(members), members };
}

/** Whatever else an archive may hold, a zip job passes over these. */
function refuseOther({ path, name }: Found): void {
  if (isImage(basename(path)) && !name.includes('__MACOSX')) return;
  throw new KnownError('bad_usage', `"${path}" is no image; --as-zip packs images only.`);
}

/**
 * archiver strips what stands before a colon and turns backslashes into slashes, whereby files would go by
 * the same name.
 */
function entryName(name: string): string {
  return name.split(sep).join('/').replaceAll(/[:\\]/g, '_');
}

function stemOf([first = '', ...others]: readonly string[]): string {
  if (others.length > 0) return 'images';
  const name = basename(resolve(first));
  return isImage(name) ? basename(name, extname(name)) : name || 'images';
}

/** The archive, one file after the other; no file is held as a whole. */
async function* packed(members: readonly Member[]): AsyncGenerator<Uint8Array, void> {
  const archive = new ZipArchive({ zlib: { level: LEVEL }, statConcurrency: 1 });
  // A file that has vanished is a warning to it, and would be missing in the archive.
  archive.on('warning', (error) => archive.destroy(error));
  for (const { path, name } of members) archive.file(path, { name });
  // The stream itself ends with the error.
  archive.finalize().catch(() => undefined);
  try {
    for await (const chunk of archive) yield chunk as Uint8Array;
  } catch (cause) {
    const said = messageOf(cause);
    throw new KnownError('bad_usage', `The archive cannot be created: ${said}`, { cause });
  } finally {
    archive.abort();
  }
}
