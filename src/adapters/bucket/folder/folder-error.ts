import { KnownError } from '../../../errors.ts';
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

/** The folder of the bucket itself cannot be created: nothing can be stored in such a place. Other errors stay. */
export function unusableRoot(
  what: string,
  { error, url }: { readonly error?: unknown; readonly url: string },
): unknown {
  const meaning = error === undefined ? 'unusable' : explainFolder(error)?.meaning;
  if (meaning !== 'missing' && meaning !== 'unusable') return error;
  return new KnownError(
    'bucket_misconfigured',
    `The folder ${url} (STORAGE_BUCKET) cannot be created: ${what}.`,
    { cause: error },
  );
}
