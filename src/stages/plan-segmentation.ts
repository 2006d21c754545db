import { type Stage, defineStage } from '../flow/stage.ts';
import { CELLS } from '../imaging/application.ts';
import type { NdArray } from '../imaging/array.ts';
import type { ModelName } from '../ports.ts';
import { checkRowsAndColumns } from './check-size.ts';
import type { Pass } from './passes.ts';
import { readChannelSlots, readDimensionOrder, readScale } from './read-fields.ts';

export interface SegmentationSettings {
  readonly nuclearModel: ModelName;
  readonly cytoplasmModel: ModelName;
  readonly phaseModel: ModelName;
  readonly minScale: number | undefined;
  readonly maxScale: number;
}

/** Which models a segmentation job runs on which channels: `dimension_order`, `channels` and `scale` of its hash. */
export function planSegmentation(
  settings: SegmentationSettings,
): Stage<{ raw: NdArray<Float32Array> }, { passes: readonly Pass[] }, 'raw'> {
  const models = [settings.nuclearModel, settings.cytoplasmModel, settings.phaseModel];
  const scales = { min: settings.minScale ?? 1 / settings.maxScale, max: settings.maxScale };
  return defineStage({
    name: 'plan',
    concurrency: 8,
    frees: ['raw'],
    run: async ({ raw }, { job, limits, compute, signal, note }) => {
      const order = readDimensionOrder(job, raw.shape);
      const scale = readScale(job, scales) ?? 1;
      const image = await compute.run('arrangeAxes', { array: raw, order }, signal);
      checkRowsAndColumns(image, limits);
      const channels = image.shape[3] ?? 1;
      const slots = readChannelSlots(job, models.length, channels);
      note({ scale });
      const passes = slots.map(async ({ slot, channel }): Promise<Pass> => ({
        application: CELLS,
        model: models[slot] ?? settings.nuclearModel,
        image:
          channels === 1
            ? image
            : await compute.run('takeChannels', { image, channels: [channel] }, signal),
        scale,
      }));
      return { passes: await Promise.all(passes) };
    },
  });
}
