import { type Stage, defineStage } from '../../flow/stage.ts';
import type { DecodedImage } from '../../formats/decode-image.ts';
import type { Image } from '../../imaging/array.ts';
import { preparedSize } from '../../imaging/applications/run-application.ts';
import { refuseBlankChannels } from './blank-channels.ts';
import { checkRescaled } from './check-size.ts';
import type { Pass } from './passes.ts';
import { namedModel, planModelJob } from './plan-model-job.ts';
import { type SegmentationSettings, planSegmentation } from './plan-segmentation.ts';
import { describeInput } from '../job-fields/describe-input.ts';
import { readScale } from '../job-fields/read-scale.ts';

/** A job that names its model runs it; any other is a segmentation. */
export function planImage(
  settings: SegmentationSettings,
): Stage<{ raw: DecodedImage }, { passes: readonly Pass[] }, 'raw'> {
  const segmentation = planSegmentation(settings);
  return defineStage({
    ...segmentation,
    run: async (value, context) => {
      const model = namedModel(context.job);
      if (model === undefined) return segmentation.run(value, context);
      const pass = await planModelJob({ raw: value.raw, model }, context);
      const channel = (): Promise<Image> =>
        context.compute.run('takeChannels', { image: pass.image, channels: [0] }, context.signal);
      const { micronsPerPixel } = pass.application;
      const pixels = { channel, pixelSize: value.raw.pixelSize, micronsPerPixel };
      const scale = await readScale(pixels, settings, context);
      const [, rows = 0, columns = 0] = pass.image.shape;
      const size = preparedSize(pass.application, [rows, columns], scale);
      checkRescaled(size, scale, context.limits);
      const { order, saidBy } = pass;
      const available = pass.image.shape[3] ?? 1;
      const channels = Array.from({ length: available }, (_, at) => at);
      if (saidBy === 'file') refuseBlankChannels(value.raw, order, channels);
      await describeInput(
        { raw: value.raw, order, saidBy, available, channels, images: [pass.image], scale },
        context,
      );
      return { passes: [{ ...pass, scale }] };
    },
  });
}
