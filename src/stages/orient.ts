import { type Stage, defineStage } from '../flow/stage.ts';
import type { DecodedImage } from '../formats/decode-image.ts';
import type { Image } from '../imaging/array.ts';
import { arrange, planesAsChannels } from './plan/arrange.ts';

/**
 * Brings the image to `[batch, row, column, channel]`: by the job's `dimension_order` if it has one, else by
 * what the file says of its axes; warns where neither says what its pages are. Refuses one that is larger
 * than the settings allow.
 *
 * @example
 * pipeline(download, describeImage, decodeImage, orient());
 */
export function orient(): Stage<{ raw: DecodedImage }, { image: Image }, 'raw'> {
  return defineStage({
    name: 'orient',
    concurrency: 8,
    needs: ['raw'],
    adds: ['image'],
    frees: ['raw'],
    run: async ({ raw }, context) => {
      const { image, saidBy } = await arrange(raw, context);
      const channels = image.shape[3] ?? 1;
      if (saidBy === 'guess' && raw.shape.length > 2 && channels > 1)
        context.warn(planesAsChannels(channels));
      return { image };
    },
  });
}
