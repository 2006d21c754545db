import { KnownError } from '../../errors.ts';
import { defineStage } from '../../flow/stage.ts';
import type { DecodedImage } from '../../formats/decode-image.ts';
import { channelNamesOf, withChannelNumbers } from '../job-fields/channel-names.ts';
import { readAxisOrder } from '../job-fields/read-axis-order.ts';
import { refuseBlankChannels } from '../plan/blank-channels.ts';
import { checkExtent } from '../plan/check-size.ts';
import { polarisChildren } from './polaris-children.ts';

/** Reads which channels of the image hold spots, nuclei and cytoplasm, and whether it has them. */
export const planPolaris = defineStage({
  name: 'plan',
  concurrency: 8,
  needs: ['raw'],
  adds: ['planned', 'image'],
  frees: ['raw'],
  run: async ({ raw }: { raw: DecodedImage }, { compute, job, limits, signal, warn }) => {
    const { order, remarks } = readAxisOrder(job, raw);
    const planned = polarisChildren(withChannelNumbers(job, channelNamesOf(raw, order)));
    for (const remark of remarks) warn(`${job.originalName}: ${remark}`);
    const image = await compute.run('arrangeAxes', { array: raw, order }, signal);
    checkExtent(image, limits);
    const available = image.shape[3] ?? 0;
    const used = planned.flatMap(({ channels }) => channels);
    const missing = used.find((channel) => channel >= available);
    if (missing === undefined) {
      refuseBlankChannels(raw, order, used);
      return { planned, image };
    }
    throw new KnownError(
      'invalid_job',
      `channels names channel ${missing}, but the image has ${available} (0 to ${available - 1}).`,
    );
  },
});
