import { stat } from 'node:fs/promises';

/**
 * Tells files that are complete from those that are still written: their size and time are as they were at
 * the last look.
 */
export class SettledFiles {
  #last = new Map<string, string>();

  /** The files that have not changed since the last call. */
  async among<File extends { readonly path: string }>(files: readonly File[]): Promise<File[]> {
    const now = new Map<string, string>();
    for (const { path } of files) {
      const facts = await stat(path).catch(() => undefined);
      if (facts !== undefined && facts.size > 0) now.set(path, `${facts.size} ${facts.mtimeMs}`);
    }
    const last = this.#last;
    this.#last = now;
    return files.filter(({ path }) => now.has(path) && now.get(path) === last.get(path));
  }
}
