import { KnownError } from '../../errors.ts';
import type { Job } from '../../job/job.ts';
import { type Stage, defineStage } from '../../flow/stage.ts';
import { COMPARTMENTS, type Compartment, mesmer } from '../../imaging/applications/application.ts';
import type { DecodedImage } from '../../formats/decode-image.ts';
import type { Image } from '../../imaging/array.ts';
import type { ModelName } from '../../ports.ts';
import { refuseBlankChannels } from './blank-channels.ts';
import { checkExtent } from './check-size.ts';
import { mesmerOrder } from './mesmer-order.ts';
import type { Pass } from './passes.ts';
import { PLANNING } from './planning.ts';
import { channelNamesOf, withChannelNumbers } from '../job-fields/channel-names.ts';
import { describeInput } from '../job-fields/describe-input.ts';
import { hasKnownPlane } from './squeeze-axes.ts';
import { field } from '../job-fields/read-fields.ts';
import { type ScaleSettings, readScale } from '../job-fields/read-scale.ts';

export interface MesmerSettings extends ScaleSettings {
  readonly model: ModelName;
  readonly compartment: Compartment;
}

const CHOOSE_CHANNELS = 'The field channels chooses them, the nuclei first, as in channels=0,1.';

/** The pass of a mesmer job: `channels`, `scale` and `compartment` of its hash. */
export function planMesmer(
  settings: MesmerSettings,
): Stage<{ raw: DecodedImage }, { passes: readonly Pass[] }, 'raw'> {
  return defineStage({
    ...PLANNING,
    run: async ({ raw }, context) => {
      const { job, limits, compute, signal, note } = context;
      const application = mesmer(readCompartment(job, settings.compartment));
      const { order, channelsLast } = mesmerOrder(job, raw);
      const whole = await compute.run('arrangeAxes', { array: raw, order }, signal);
      checkExtent(whole, limits);
      const channels = readTissueChannels(
        withChannelNumbers(job, channelNamesOf(raw, order)),
        whole.shape[3] ?? 0,
      );
      const image = channels
        ? await compute.run('takeChannels', { image: whole, channels }, signal)
        : whole;
      refuseBlankChannels(raw, order, channels ?? [0, 1]);
      const nuclear = (): Promise<Image> =>
        compute.run('takeChannels', { image, channels: [0] }, signal);
      const { micronsPerPixel } = application;
      const pixels = { channel: nuclear, pixelSize: raw.pixelSize, micronsPerPixel };
      const scale = await readScale(pixels, settings, context);
      const used = channels ?? Array.from({ length: image.shape[3] ?? 0 }, (_, channel) => channel);
      const available = whole.shape[3] ?? 0;
      const saidBy = hasKnownPlane(raw) ? 'file' : 'guess';
      await describeInput(
        { raw, order, saidBy, available, channels: used, images: [image], scale },
        context,
      );
      note({ dim_order: channelsLast ? 'YXC' : 'CYX' });
      const pass = { application, model: settings.model, image, scale, onMisfit: CHOOSE_CHANNELS };
      return { passes: [pass] };
    },
  });
}

function readCompartment(job: Job, fallback: Compartment): Compartment {
  const text = field(job, 'compartment');
  if (text === undefined) return fallback;
  const known = COMPARTMENTS.find((one) => one === text);
  if (known !== undefined) return known;
  const names = COMPARTMENTS.map((one) => `'${one}'`).join(', ');
  throw new KnownError(
    'invalid_job',
    `Invalid compartment supplied: ${text}. Must be one of [${names}]`,
  );
}

/** Which channels are the nuclear and the membrane one; undefined if the job leaves the image as it is. */
export function readTissueChannels(job: Job, available: number): number[] | undefined {
  const text = field(job, 'channels');
  if (text === undefined) return undefined;
  const channels = text.split(',').map((word) => (word.trim() === '' ? NaN : Number(word)));
  const areThere = channels.every((one) => Number.isInteger(one) && one >= 0 && one < available);
  // Each takes memory, also one that is named again and again; how many the model takes is checked later.
  if (areThere && channels.length <= Math.max(2, available)) return channels;
  throw new KnownError(
    'invalid_job',
    `channels is "${text}", but must name two of the image's ${available} channels (0 to ` +
      `${available - 1}), as in "0,1".`,
  );
}
