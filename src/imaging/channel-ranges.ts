import type { Image } from './array.ts';

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
  return Array.from({ length: channels }, (_, channel) => {
    const ranges = Array.from({ length: batches }, (_item, batch) =>
      rangeOf(image, batch, channel),
    );
    return {
      min: Math.min(...ranges.map(([min]) => min)),
      max: Math.max(...ranges.map(([, max]) => max)),
      constant: ranges.filter(([min, max]) => min === max).length,
    };
  });
}

function rangeOf({ shape, data }: Image, batch: number, channel: number): [number, number] {
  const [, rows = 0, columns = 0, channels = 1] = shape;
  const size = rows * columns * channels;
  let [min, max] = [Infinity, -Infinity];
  for (let at = batch * size + channel; at < (batch + 1) * size; at += channels) {
    const value = data[at] ?? 0;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
