/**
 * A field of a job's hash that users set: what it means, and what it may be.
 *
 * @example
 * const level: JobField = jobField.positive('level', {
 *   summary: 'Least brightness.',
 *   fallback: '0.5',
 *   example: '0.7',
 * });
 */
export interface JobField {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** What it may be, in words. */
  readonly allowed: string;
  /** What holds without it, in words. */
  readonly fallback: string;
  readonly example: string;
  /** Whether a value may be right, as far as that shows without the image. */
  readonly accepts: (text: string) => boolean;
}

type Words = Pick<JobField, 'summary' | 'fallback' | 'example'>;

/**
 * The kinds of fields. A workflow lists those that its jobs obey; `submit`, completion and the check for
 * mistyped names know them from it.
 *
 * @example
 * const fields = [
 *   jobField.positive('level', { summary: 'Least brightness.', fallback: '0.5', example: '0.7' }),
 * ];
 */
export const jobField = {
  /** Any text that `accepts`, which `allowed` puts into words. */
  text(name: string, kind: Words & Pick<JobField, 'allowed' | 'accepts'>): JobField {
    return { name, ...kind };
  },

  /** A number above 0, in `unit`. */
  positive(name: string, words: Words & { readonly unit?: string }): JobField {
    const { unit, ...rest } = words;
    const allowed = unit === undefined ? 'a number above 0' : `a number above 0, in ${unit}`;
    return {
      name,
      ...rest,
      allowed,
      accepts: (text) => Number(text) > 0 && Number(text) < Infinity,
    };
  },

  /** One of a few words; upper and lower case mean the same if `anyCase` says so. */
  choice(
    name: string,
    choices: readonly string[],
    words: Words & { readonly anyCase?: boolean },
  ): JobField {
    const { anyCase = false, ...rest } = words;
    const folded = (text: string): string => (anyCase ? text.toLowerCase() : text);
    const known = new Set(choices.map(folded));
    const allowed = `one of ${choices.join(', ')}`;
    return { name, ...rest, allowed, accepts: (text) => known.has(folded(text)) };
  },
} as const;
