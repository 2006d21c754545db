import { globSync } from 'node:fs';
import { suite } from 'node:test';
import { pathToFileURL } from 'node:url';

/** Tests that take minutes, which `npm test` leaves to another command. */
const SOAK = 'soak/';

/**
 * Runs the tests of a folder and of those in it, but for those in `soak`, in this process. Each file is a suite: what it does before,
 * after or around its tests is done for them alone.
 */
export function importTests(folder: string): void {
  const found = globSync('**/*.test.ts', { cwd: folder }).toSorted();
  const files = found.filter((file) => !file.startsWith(SOAK));
  if (files.length === 0) throw new Error(`There is no test in ${folder}.`);
  for (const file of files) {
    suite(file, async () => {
      await import(pathToFileURL(`${folder}/${file}`).href);
    });
  }
}
