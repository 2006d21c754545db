import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { KnownError, messageOf } from '../../errors.ts';

/**
 * Makes the folder for results; `bad_usage` if that cannot be. One level after the other: where a level
 * cannot be made, as in /proc, Node's own recursion goes on without an end.
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    for (const folder of missingFolders(path)) await mkdir(folder);
    await readdir(path);
  } catch (cause) {
    const said = messageOf(cause);
    throw new KnownError('bad_usage', `--output "${path}" cannot be made: ${said}`, { cause });
  }
}

/** The folders of a path that do not exist, the outermost first. */
function missingFolders(path: string): string[] {
  const folder = resolve(path);
  return existsSync(folder) ? [] : [...missingFolders(dirname(folder)), folder];
}
