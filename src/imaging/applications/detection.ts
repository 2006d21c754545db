import { KnownError } from '../../errors.ts';
import type { NdArray } from '../array.ts';

/* What is made of the answers of the two small models that look at an image before it is segmented. */

/** Scales this close to 1 are taken for 1. */
const NEAR_ONE = 0.01;

/**
 * How many times larger the pixels of an image are than those the models were trained with: the mean of what the model
 * says of each tile, float32 `[tile, 1]`.
 */
export function meanScale({ data }: NdArray<Float32Array>): number {
  if (data.length === 0) throw new KnownError('model_mismatch', 'The scale model gave no output.');
  let sum = 0;
  for (const value of data) sum += value;
  const mean = sum / data.length;
  return Math.abs(mean - 1) < NEAR_ONE ? 1 : mean;
}

/**
 * What kind of image it is: the class with the greatest sum over the tiles, float32 `[tile, class]`; the first of
 * equals. 0 is nuclear, 1 cytoplasm (or phase, before 2022), 2 phase.
 */
export function likeliestLabel({ shape, data }: NdArray<Float32Array>): number {
  const classes = shape.at(-1) ?? 0;
  if (shape.length !== 2 || classes === 0) {
    throw new KnownError(
      'model_mismatch',
      `The label model gave an output of shape ${shape.join(' × ')} instead of tile × class.`,
    );
  }
  const sums = new Float64Array(classes);
  data.forEach((value, at) => (sums[at % classes] += value));
  return sums.indexOf(Math.max(...sums));
}
