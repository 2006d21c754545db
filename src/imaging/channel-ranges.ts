import { type Image, sizeOf } from './array.ts';
import { extentsOf } from './extent.ts';

/** The values of one channel of an image. */
export interface ChannelRange {
  readonly min: number;
  readonly max: number;
  /** Images of the batch in which all pixels have one value. */
  readonly constant: number;
}

/**
 * Least and greatest value of each channel of an image, float32 `[batch, row, column, channel]`. Values must
 * be finite.
 */
export function channelRanges({ image }: { readonly image: Image }): ChannelRange[] {
  const [batches = 0, , , channels = 1] = image.shape;
  const size = sizeOf(image.shape.slice(1));
  const items = Array.from({ length: batches }, (_, batch) =>
    extentsOf(image.data.subarray(batch * size, (batch + 1) * size), channels),
  );
  return Array.from({ length: channels }, (_, channel) => {
    const ranges = items.map((extents) => extents[channel]);
    return {
      min: Math.min(...ranges.map(({ least }) => least)),
      max: Math.max(...ranges.map(({ greatest }) => greatest)),
      constant: ranges.filter(({ least, greatest }) => least === greatest).length,
    };
  });
}
