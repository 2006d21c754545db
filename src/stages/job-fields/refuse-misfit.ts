import { KnownError } from '../../errors.ts';
import type { Axes } from './axis-words.ts';

/**
 * Refuses pages that the file says something about that does not fit them: taken for what they are not,
 * channels would be frames, or frames channels. Throws `wrong_dimensions`; `advice` says what to do besides
 * saving the file anew.
 */
export function refuseMisfit({ misfit }: Pick<Axes, 'misfit'>, advice = ''): void {
  if (misfit === undefined) return;
  throw new KnownError(
    'wrong_dimensions',
    `${misfit}: which of its pages are frames and which are channels is not known. Save the ` +
      `whole image again${advice}.`,
  );
}
