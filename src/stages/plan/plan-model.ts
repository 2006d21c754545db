import { KnownError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import { type Stage, defineStage } from '../../flow/stage.ts';
import type { DecodedImage } from '../../formats/decode-image.ts';
import type { Application } from '../../imaging/applications/application.ts';
import { preparedSize } from '../../imaging/applications/run-application.ts';
import type { Image } from '../../imaging/array.ts';
import type { ModelName } from '../../ports.ts';
import { channelNamesOf, withChannelNumbers } from '../job-fields/channel-names.ts';
import { describeInput, remarkOnOthers } from '../job-fields/describe-input.ts';
import { field, readChannelSlots } from '../job-fields/read-fields.ts';
import { type ScaleSettings, readScale } from '../job-fields/read-scale.ts';
import { arrange } from './arrange.ts';
import { refuseBlankChannels } from './blank-channels.ts';
import { checkRescaled } from './check-size.ts';
import type { Pass } from './passes.ts';
import { PLANNING } from './planning.ts';

interface ModelPlan extends ScaleSettings {
  readonly application: Application;
  readonly model: ModelName;
  /** The channels that the model sees together, by number or name, unless the job chooses others. */
  readonly channels: readonly (number | string)[];
}

/** One pass of one model over the channels that it takes: `dimension_order`, `channels` and `scale` of the hash. */
export function planModel(
  plan: ModelPlan,
): Stage<{ raw: DecodedImage }, { passes: readonly Pass[] }, 'raw'> {
  const { application, model } = plan;
  return defineStage({
    ...PLANNING,
    run: async ({ raw }, context) => {
      const { job, compute, signal, limits, warn } = context;
      const { image: whole, order, saidBy } = await arrange(raw, context);
      const available = whole.shape[3] ?? 1;
      const channels = chosenChannels(job, plan.channels, {
        available,
        names: channelNamesOf(raw, order),
      });
      refuseBlankChannels(raw, order, channels);
      const take = (some: readonly number[]): Promise<Image> =>
        compute.run('takeChannels', { image: whole, channels: some }, signal);
      const image = await take(channels);
      const first = (): Promise<Image> => take(channels.slice(0, 1));
      const { micronsPerPixel } = application;
      const pixels = { channel: first, pixelSize: raw.pixelSize, micronsPerPixel };
      const scale = await readScale(pixels, plan, context);
      const [, rows = 0, columns = 0] = image.shape;
      checkRescaled(preparedSize(application, [rows, columns], scale), scale, limits);
      for (const remark of remarkOnOthers(field(job, 'channels'), available, channels.length))
        warn(remark);
      await describeInput(
        { raw, order, saidBy, available, channels, images: [image], scale },
        context,
      );
      return { passes: [{ application, model, image, scale }] };
    },
  });
}

interface Channels {
  readonly available: number;
  readonly names: readonly string[];
}

/** The numbers of the channels that a job, or else its workflow, names: as many as the workflow does. */
function chosenChannels(
  job: Job,
  usual: ModelPlan['channels'],
  { available, names }: Channels,
): number[] {
  const wanted = field(job, 'channels') ?? usual.join(',');
  const named = { ...job, fields: { ...job.fields, channels: wanted } };
  const slots = readChannelSlots(withChannelNumbers(named, names), usual.length, available);
  if (slots.length === usual.length) return slots.map(({ channel }) => channel);
  throw new KnownError(
    'invalid_job',
    `channels is "${wanted}", but the model takes ${usual.length} channels together, as in "${usual.join(',')}".`,
  );
}
