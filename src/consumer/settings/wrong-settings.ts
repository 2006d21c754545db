import { KnownError } from '../../errors.ts';

/** The error that tells all that is wrong with settings or workflows at once, `separator` between them. */
export function wrongSettings(problems: readonly string[], separator = ' '): KnownError {
  return new KnownError('bad_settings', problems.join(separator), { details: { problems } });
}
