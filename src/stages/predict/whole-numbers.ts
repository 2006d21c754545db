import { KnownError } from '../../errors.ts';
import type { ModelName, TensorInfo } from '../../ports.ts';

/**
 * Refuses an image of fractions up to 1 for a model that takes whole numbers: it would see 0 nearly everywhere,
 * and find nothing. Images are of that kind once their values are normalized. Throws `model_mismatch`.
 */
export function checkWholeNumbers(
  { name, version }: ModelName,
  { name: input, type }: TensorInfo,
  values: Float32Array,
): void {
  if (!/^u?int/.test(type)) return;
  if (values.some((value) => Math.abs(value) > 1) || values.every(isWhole)) return;
  throw new KnownError(
    'model_mismatch',
    `Input ${input} of ${name}:${version} takes ${type}, but the values of the image are fractions up to 1, ` +
      'which would be cut off to 0. Serve a model that takes float32, or do not normalize the image.',
  );
}

/** NaN counts as whole: it stands for a constant channel, which has a warning of its own. */
function isWhole(value: number): boolean {
  return Number.isNaN(value) || Math.trunc(value) === value;
}
