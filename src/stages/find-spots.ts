import { KnownError } from '../errors.ts';
import { type Stage, defineStage } from '../flow/stage.ts';
import type { Image, NdArray } from '../imaging/array.ts';
import type { PredictedPass } from './plan/passes.ts';

/** The spots of one batch item, and a picture of them. */
export interface FoundSpots {
  /** Row and column of each spot, float64 `[spot, 2]`. */
  readonly points: NdArray<Float64Array>;
  /** The image with the spots marked, uint8 RGB `[row, column, 3]`. */
  readonly picture: NdArray<Uint8Array>;
}

/** A picture of each plane, and what is summed up and sorted on the way. */
const IMAGES_IN_WORK = 4;

/** Finds the spots in what the model says, and draws them. No spot is a result like any other. */
export function findSpots({
  threshold,
}: {
  readonly threshold: number;
}): Stage<
  { predicted: readonly PredictedPass[]; image: Image },
  { spots: readonly FoundSpots[] },
  'predicted' | 'image'
> {
  return defineStage({
    name: 'postprocess',
    concurrency: 8,
    needs: ['predicted', 'image'],
    adds: ['spots'],
    status: 'post-processing',
    timing: 'postprocess_time',
    frees: ['predicted', 'image'],
    footprint: ({ image }) => image.data.byteLength * IMAGES_IN_WORK,
    run: async ({ predicted, image }, { compute, signal, note, warn }) => {
      const [classification, offsets] = predicted[0]?.heads ?? [];
      if (classification === undefined || offsets === undefined) {
        throw new KnownError(
          'model_mismatch',
          'A spot model must classify pixels and give offsets.',
        );
      }
      const input = { classification, offsets, threshold, image };
      const found = await compute.run('findSpots', input, signal);
      const spots = found.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
      note({ spots });
      if (spots === 0) warn('No spots were found.');
      const drawn = found.map(async (points, batch) => ({
        points,
        picture: await compute.run('drawSpots', { image, batch, points }, signal),
      }));
      return { spots: await Promise.all(drawn) };
    },
  });
}
