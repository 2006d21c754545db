import { KnownError, classify } from '../../errors.ts';
import { type Meaning, objectError } from './object-error.ts';

interface Circumstances {
  readonly key: string;
  readonly bucketUrl: string;
  readonly signal: AbortSignal;
}

/** Errors of the file system that the path or its rights cause. The others, such as a full disk, pass. */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EACCES: 'forbidden',
  EEXIST: 'unusable',
  EISDIR: 'unusable',
  ELOOP: 'unusable',
  ENAMETOOLONG: 'unusable',
  EPERM: 'forbidden',
  EROFS: 'forbidden',
};

/** What went wrong with a file, in our words. */
export function folderError(error: unknown, { key, bucketUrl, signal }: Circumstances): KnownError {
  if (error instanceof KnownError) return error;
  if (signal.aborted) return classify(signal.reason);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return classify(error);
  const meaning = MEANINGS[code] ?? 'unavailable';
  return objectError({ error, key, bucketUrl, status: undefined, meaning });
}
