import { type Stage, defineStage } from '../flow/stage.ts';
import type { NdArray } from '../imaging/array.ts';
import type { Pass } from './passes.ts';
import { namedModel, planModelJob } from './plan-model-job.ts';
import { type SegmentationSettings, planSegmentation } from './plan-segmentation.ts';
import { readScale } from './read-fields.ts';

/** A job that names its model runs it; any other is a segmentation. */
export function planImage(
  settings: SegmentationSettings,
): Stage<{ raw: NdArray<Float32Array> }, { passes: readonly Pass[] }, 'raw'> {
  const segmentation = planSegmentation(settings);
  const scales = { min: settings.minScale ?? 1 / settings.maxScale, max: settings.maxScale };
  return defineStage({
    ...segmentation,
    run: async (value, context) => {
      const model = namedModel(context.job);
      if (model === undefined) return segmentation.run(value, context);
      const scale = readScale(context.job, scales) ?? 1;
      context.note({ scale });
      return { passes: [await planModelJob({ raw: value.raw, model, scale }, context)] };
    },
  });
}
