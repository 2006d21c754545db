import { KnownError } from '../errors.ts';
import type { NdArray } from '../imaging/array.ts';
import { replaceNonFinite } from '../imaging/normalize/non-finite.ts';

interface Taken {
  /** A sentence that counts what was replaced, if anything was. */
  readonly notes: readonly string[];
  /** See `replaceNonFinite`. */
  readonly blank: readonly number[];
}

/**
 * Makes the NaN and infinite values of a file background, in place, as `replaceNonFinite`; the one place for
 * the images of all workflows. Throws `blank_image` if no value is a number.
 */
export function takeForBackground(image: NdArray<Float32Array>, axes: string, name: string): Taken {
  const total = image.data.length;
  const { count, blank } = replaceNonFinite(image, axes);
  if (count === 0) return { notes: [], blank };
  if (count === total) {
    const message = `"${name}" holds no numbers: all of its ${count} values are NaN or infinite (as 32-bit numbers).`;
    throw new KnownError('blank_image', message);
  }
  const are = count === 1 ? 'is' : 'are';
  return {
    notes: [
      `${count} of ${total} values ${are} NaN or infinite (as 32-bit numbers) and taken for background.`,
    ],
    blank,
  };
}
