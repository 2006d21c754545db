import { type Stage, defineStage } from '../flow/stage.ts';
import type { Head } from '../imaging/applications/application.ts';
import type { Image } from '../imaging/array.ts';
import type { PadMode } from '../imaging/tiling/tiling.ts';
import type { ModelName } from '../ports.ts';
import { predictImage } from './predict/predict-image.ts';

interface Tiles {
  /** Of the stage, where a pipeline has two of them; `predict` if absent. */
  readonly name?: string;
  /** What stands beyond the border of the image; its mirror image if absent. */
  readonly padMode?: PadMode;
  /** The outputs that are needed, in the order of their names; all of them if absent. */
  readonly heads?: readonly Head[];
}

/**
 * Has the model servers run a model on an image, in overlapping tiles of the model's size; leaves its
 * outputs, each of the image's size.
 */
export function predictTiles(
  model: ModelName,
  { name = 'predict', padMode = 'reflect', heads }: Tiles = {},
): Stage<{ image: Image }, { heads: readonly Image[] }> {
  // Authors of JavaScript learn it at the start, not from the first job.
  if (typeof model?.name !== 'string') {
    throw new TypeError('predictTiles needs a model, such as the value of setting.model(…).');
  }
  return defineStage({
    name,
    concurrency: 16,
    needs: ['image'],
    adds: ['heads'],
    status: 'predicting',
    timing: 'prediction_time',
    waitsFor: 'models',
    footprint: () => 0,
    run: async ({ image }, context) => {
      const predicted = await predictImage(
        { model, image, padMode, heads: heads ?? 'all', onProgress: context.progress },
        context,
      );
      context.note({ predict_retries: predicted.retries });
      return { heads: predicted.heads };
    },
  });
}
