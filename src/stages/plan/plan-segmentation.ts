import { type Stage, type StageContext, defineStage } from '../../flow/stage.ts';
import { CELLS } from '../../imaging/applications/application.ts';
import type { DecodedImage } from '../../formats/decode-image.ts';
import type { Image } from '../../imaging/array.ts';
import type { ModelName } from '../../ports.ts';
import { arrange, planesAsChannels } from './arrange.ts';
import { refuseBlankChannels } from './blank-channels.ts';
import { detectLabel } from '../predict/detect.ts';
import type { Pass } from './passes.ts';
import { PLANNING } from './planning.ts';
import { channelNamesOf, withChannelNumbers } from '../job-fields/channel-names.ts';
import { describeInput, remarkOnOthers } from '../job-fields/describe-input.ts';
import { field, readChannelSlots } from '../job-fields/read-fields.ts';
import { type ScaleSettings, readScale } from '../job-fields/read-scale.ts';

export interface SegmentationSettings extends ScaleSettings {
  readonly nuclearModel: ModelName;
  readonly cytoplasmModel: ModelName;
  readonly phaseModel: ModelName;
  readonly labelDetectEnabled: boolean;
  readonly labelDetectModel: ModelName;
}

/** Which models a segmentation job runs on which channels: `dimension_order`, `channels` and `scale` of its hash. */
export function planSegmentation(
  settings: SegmentationSettings,
): Stage<{ raw: DecodedImage }, { passes: readonly Pass[] }, 'raw'> {
  const models = [settings.nuclearModel, settings.cytoplasmModel, settings.phaseModel];
  return defineStage({
    ...PLANNING,
    run: async ({ raw }, context) => {
      const { job } = context;
      const { image, order, saidBy } = await arrange(raw, context);
      const numbered = withChannelNumbers(job, channelNamesOf(raw, order));
      const slots = readChannelSlots(numbered, models.length, image.shape[3] ?? 1);
      const chosen = slots.map(({ channel }) => channel);
      refuseBlankChannels(raw, order, chosen);
      const available = image.shape[3] ?? 1;
      if (saidBy === 'guess' && image.shape.length === 4 && raw.shape.length > 2)
        remarkGuess(image, slots.length, context);
      else
        for (const remark of remarkOnOthers(field(job, 'channels'), available, slots.length))
          context.warn(remark);
      const channels = await Promise.all(
        chosen.map((channel) => takeChannel(image, channel, context)),
      );
      const first = async (): Promise<Image> => channels[0] ?? image;
      const { micronsPerPixel } = CELLS;
      const pixels = { channel: first, pixelSize: raw.pixelSize, micronsPerPixel };
      const scale = await readScale(pixels, settings, context);
      await describeInput(
        { raw, order, saidBy, available, channels: chosen, images: channels, scale },
        context,
      );
      if (settings.labelDetectEnabled && field(job, 'label') === undefined) {
        context.note({
          label: await detectLabel(settings.labelDetectModel, await first(), context),
        });
      }
      const passes = slots.map(({ slot }, index): Pass => ({
        application: CELLS,
        model: models[slot] ?? settings.nuclearModel,
        image: channels[index] ?? image,
        scale,
      }));
      return { passes };
    },
  });
}

async function takeChannel(
  image: Image,
  channel: number,
  { compute, signal }: StageContext,
): Promise<Image> {
  if (image.shape[3] === 1) return image;
  return compute.run('takeChannels', { image, channels: [channel] }, signal);
}

/** Pages that were taken for channels, because nobody says that they are frames, and that nothing is done with. */
function remarkGuess({ shape }: Image, used: number, { warn }: StageContext): void {
  const channels = shape[3] ?? 1;
  if (channels <= used) return;
  warn(planesAsChannels(channels, used));
}
