import type { Meaning, StoreFailure } from '../object-error.ts';

/** Errors of the file system that the path or its rights cause. The others, such as a full disk, pass. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EACCES: 'forbidden',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
  EEXIST: 'unusable',
  EISDIR: 'unusable',
  ELOOP: 'unusable',
  ENAMETOOLONG: 'unusable',
};

/** What an error of the file system means. */
export function explainFolder(error: unknown): StoreFailure | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return undefined;
  return { meaning: MEANINGS[code] ?? 'unavailable', what: code };
}
