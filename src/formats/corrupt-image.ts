import { KnownError } from '../errors.ts';

/** A `corrupt_image` error: what is wrong with the file that the user calls `name`. */
export function corrupt(name: string, why: string, cause?: unknown): KnownError {
  return new KnownError('corrupt_image', `"${name}" is damaged: ${why}.`, { cause });
}
