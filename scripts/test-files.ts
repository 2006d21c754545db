import { dirname } from 'node:path/posix';

/** What `npm test` leaves to other commands: tests of other programs, and faults that take minutes. */
const LEFT_OUT = [/^test\/operations\//, /^test\/faults\/[^/]+\//];

/**
 * What the test runner starts a process for each of: the tests among these files of `test/`, but for those that a `together.ts` in their
 * folder, or in one above it, runs in its own process.
 */
export function testProcesses(files: readonly string[]): string[] {
  const folders = files.filter((file) => file.endsWith('/together.ts')).map(dirname);
  const isIn = (folder: string, file: string): boolean => file.startsWith(`${folder}/`);
  return files.filter((file) => {
    const around = folders.filter((folder) => isIn(folder, file));
    if (around.length > 0) return around.length === 1 && file === `${around[0]}/together.ts`;
    return file.endsWith('.test.ts') && !LEFT_OUT.some((pattern) => pattern.test(file));
  });
}
