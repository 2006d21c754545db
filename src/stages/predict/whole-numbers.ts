import { KnownError } from '../../errors.ts';
import type { ModelName, TensorInfo, TensorType } from '../../ports.ts';

const WHOLE: readonly TensorType[] = [
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
];

/**
 * Refuses an image of fractions up to 1 for a model that takes whole numbers: it would see 0 nearly everywhere,
 * and find nothing. Images are of that kind once their values are normalized. Throws `model_mismatch`.
 */
export function checkWholeNumbers(
  { name, version }: ModelName,
  { name: input, type }: TensorInfo,
  values: Float32Array,
): void {
  if (!WHOLE.includes(type)) return;
  if (values.some((value) => Math.abs(value) > 1) || values.every(isWhole)) return;
  throw new KnownError(
    'model_mismatch',
    `Input ${input} of ${name}:${version} takes ${type}, but the values of the image are fractions up to 1, ` +
      'which would be cut off to 0. Serve a model that takes float32, or do not normalize the image.',
  );
}

/** NaN counts as whole: what it becomes is told elsewhere. */
function isWhole(value: number): boolean {
  return Number.isNaN(value) || Math.trunc(value) === value;
}
