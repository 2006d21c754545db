import { ERROR_CATALOGUE } from '../errors.ts';

/** Remedies for codes that only commands give. */
const OWN: Readonly<Record<string, string>> = {
  gone: 'Submit the file again: hashes of jobs expire, and can be deleted.',
  members: 'Correct the members that the reason names, and submit these again.',
};

/** What to do about a failure with this code; empty for codes that are not ours, as of Python consumers. */
export function remedyOf(code: string): string {
  const entry = Object.entries(ERROR_CATALOGUE).find(([known]) => known === code);
  return entry?.[1].remedy ?? OWN[code] ?? '';
}
