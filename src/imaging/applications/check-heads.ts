import { KnownError } from '../../errors.ts';
import { type Image, sizeOf } from '../array.ts';
import type { Application } from './application.ts';
import { everyChunk } from '../elements/every-chunk.ts';

/**
 * Refuses heads with NaN or infinite values where cells are made of them, which would be missing there, or all
 * one: a model in half precision overflows so. Not where the image itself may hold NaN, as a constant plane
 * does after `min_max`. Throws `model_mismatch`.
 */
export function checkHeads(
  { preprocess, postprocess }: Pick<Application, 'preprocess' | 'postprocess'>,
  heads: readonly Image[],
): void {
  if (postprocess.every(({ kind }) => kind === 'none')) return;
  if (preprocess.some(({ kind }) => kind === 'min_max')) return;
  const bad = heads.reduce((count, { data }) => count + notNumbers(data), 0);
  if (bad === 0) return;
  const total = heads.reduce((count, { shape }) => count + sizeOf(shape), 0);
  throw overflow(`${bad} of ${total} values that the model gave`, 'cells');
}

/** The error for values that are no numbers, because of which something would be missing. */
export function overflow(values: string, missing: 'cells' | 'spots'): KnownError {
  return new KnownError(
    'model_mismatch',
    `${values} are NaN or infinite, so that ${missing} would be missing. ` +
      'A model in half precision may overflow: serve it in float32.',
  );
}

/** How many values are neither numbers nor the logarithm of 0, which is less than any threshold. */
export function notNumbers(data: Float32Array): number {
  if (areNumbers(data)) return 0;
  let count = 0;
  for (let i = 0; i < data.length; i++) if (!(data[i] < Infinity)) count++;
  return count;
}

function areNumbers(data: Float32Array): boolean {
  return everyChunk(data, (kernels, address, count) => kernels.areBelowInfinity(address, count));
}
