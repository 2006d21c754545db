import { KnownError } from '../errors.ts';

/** What the file system says when it does not take a file, in our words. */
const REFUSALS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'the disk takes no file that large',
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  EROFS: 'the disk is read-only',
  EISDIR: 'a folder of that name is there',
  ENOTDIR: 'a file is there where a folder is needed',
  EEXIST: 'a file is there where a folder is needed',
  ENOENT: 'its folder is gone, or cannot be created',
  ENAMETOOLONG: 'the path is longer than the disk takes',
  EILSEQ: 'the disk does not take this name',
  EINVAL: 'the disk does not take this name',
  EIO: 'the disk has failed',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
};

/**
 * Does something that writes below `folder`; what the file system refuses is `result_not_kept`, other errors
 * stay as they are.
 */
export async function storing<Result>(
  folder: string,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    throw refusal(cause, folder) ?? cause;
  }
}

function refusal(cause: unknown, folder: string): KnownError | undefined {
  if (!(cause instanceof Error && 'code' in cause)) return undefined;
  const words = REFUSALS[String(cause.code)];
  if (words === undefined) return undefined;
  const path = 'path' in cause ? String(cause.path) : folder;
  const message = `"${shown(path)}" cannot be written: ${words} (${String(cause.code)}).`;
  return new KnownError('result_not_kept', message, { cause });
}

const LONGEST = 300;

/** Messages are bounded; of a long path the end is what matters least. */
function shown(path: string): string {
  return path.length > LONGEST ? `${path.slice(0, LONGEST)}…` : path;
}
