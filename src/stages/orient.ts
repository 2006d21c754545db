import { type Stage, defineStage } from '../flow/stage.ts';
import type { Image, NdArray } from '../imaging/array.ts';
import { checkRowsAndColumns } from './plan/check-size.ts';
import { readDimensionOrder } from './job-fields/read-fields.ts';

/**
 * Brings the image to `[batch, row, column, channel]`, by the job's `dimension_order` if it has one, and refuses one that is larger
 * than the settings allow.
 */
export function orient(): Stage<{ raw: NdArray<Float32Array> }, { image: Image }, 'raw'> {
  return defineStage({
    name: 'orient',
    concurrency: 8,
    frees: ['raw'],
    run: async ({ raw }, { job, limits, compute, signal }) => {
      const order = readDimensionOrder(job, raw.shape);
      const image = await compute.run('arrangeAxes', { array: raw, order }, signal);
      checkRowsAndColumns(image, limits);
      return { image };
    },
  });
}
