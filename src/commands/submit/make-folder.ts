import { readdir } from 'node:fs/promises';
import { makeFolders } from '../../adapters/make-folders.ts';
import { KnownError, messageOf } from '../../errors.ts';

/** Makes the folder for results; `bad_usage` if that cannot be. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeFolders(path);
    await readdir(path);
  } catch (cause) {
    const said = messageOf(cause);
    throw new KnownError('bad_usage', `--output "${path}" cannot be created: ${said}`, { cause });
  }
}
