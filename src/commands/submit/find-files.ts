import { type Stats, createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { KnownError } from '../../errors.ts';
import { splitName } from '../../formats/split-name.ts';
import { IMAGES_ONLY, type TakenNames } from './taken-names.ts';
import { firstAdvice } from './why-skipped.ts';
import { localName } from '../../results/local-name.ts';

/** A file to be submitted. */
export interface InputFile {
  readonly path: string;
  /** Where its results go below the output folder; no two files share one. */
  readonly folder: string;
  /** Its bytes, from the start each time. */
  readonly read: () => AsyncIterable<Uint8Array>;
  /** For an archive that is made here: its files, and what they are called in it. */
  readonly members?: readonly { readonly path: string; readonly name: string }[];
}

interface Search {
  /** Where results go: what lies in it is passed over without a word. */
  readonly output?: string;
  /** Which files of folders are wanted; images if absent. */
  readonly names?: TakenNames;
  /** Called with each file of a folder that is not wanted by its name. */
  readonly onSkipped?: (path: string) => void;
}

/**
 * The files that paths name, and those that are wanted in the folders that they name; `bad_usage` if there is
 * nothing to submit.
 */
export async function findFiles(paths: readonly string[], search: Search = {}): Promise<Found[]> {
  const found = await Promise.all(paths.map((path) => filesOf(path, search)));
  return found.flat();
}

export interface Found {
  readonly path: string;
  /** The path below the folder that was named. */
  readonly name: string;
}

async function filesOf(
  path: string,
  { output, names = IMAGES_ONLY, onSkipped }: Search,
): Promise<Found[]> {
  const facts = await look(path);
  if (facts.isFile()) return [{ path, name: basename(path) }];
  if (!facts.isDirectory()) throw new KnownError('bad_usage', `"${path}" is no file or folder.`);
  const isApart = output !== undefined && !isWithin(path, output);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !(isApart && isWithin(entry.parentPath, output)))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const wanted = files.filter((file) => names.takes(basename(file)));
  const others = files.filter(
    (file) => !names.takes(basename(file)) && !basename(file).startsWith('.'),
  );
  for (const file of others) onSkipped?.(file);
  if (wanted.length > 0) return wanted.map((file) => ({ path: file, name: relative(path, file) }));
  const advice = await firstAdvice(others);
  const but = advice === undefined ? '' : ` ${advice}`;
  throw new KnownError('bad_usage', `"${path}" holds no ${names.what}.${but}`);
}

function isWithin(path: string, folder: string): boolean {
  return `${resolve(path)}${sep}`.startsWith(`${resolve(folder)}${sep}`);
}

async function look(path: string): Promise<Stats> {
  try {
    return await stat(path);
  } catch (cause) {
    throw new KnownError('bad_usage', `"${path}" cannot be read: there is no such file.`, {
      cause,
    });
  }
}

/** Gives each file a folder: its name without ending, with a number where that is taken. */
export function withFolders(files: readonly Found[]): InputFile[] {
  const taken = new Set<string>();
  return files.map(({ path, name }) => {
    const folder = freeFolder(join(dirname(name), splitName(basename(name))[0]), taken);
    return { path, folder, read: () => createReadStream(path) };
  });
}

/** A folder of this name, with a number where that is taken, and takes it; systems that ignore case too. */
export function freeFolder(stem: string, taken: Set<string>): string {
  const safe = stem.split(sep).map(inside).join(sep);
  let folder = shortened(safe);
  for (let number = 2; taken.has(folder.toLowerCase()); number++)
    folder = shortened(`${safe}-${number}`);
  taken.add(folder.toLowerCase());
  return folder;
}

function shortened(path: string): string {
  return path.split(sep).map(localName).join(sep);
}

/** A step that leads out of the folder, or nowhere, as the name of a job may be, is not taken for one. */
function inside(step: string): string {
  return /^\.{0,2}$/.test(step) ? 'unnamed' : step;
}
