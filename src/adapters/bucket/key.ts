import { KnownError } from '../../errors.ts';

/** A key without leading slashes. Refused if it could lead out of the bucket. */
export function checkedKey(key: string): string {
  const bare = key.replace(/^\/+/, '');
  const steps = bare.split(/[/\\]/);
  if (bare === '' || bare.includes('\0') || steps.some((step) => step === '..' || step === '.')) {
    throw new KnownError('forbidden_object', `"${key}" is not a name that an object may have.`);
  }
  return bare;
}
