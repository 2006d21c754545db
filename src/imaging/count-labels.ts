import type { Labels } from './array.ts';
import { greatestLabel } from './watershed/label-operations.ts';

/** How many different labels above 0 each channel has, those of all images of the batch together. int32 `[batch, row, column, channel]`. */
export function countLabels({ labels: { shape, data } }: { readonly labels: Labels }): number[] {
  const [batches = 0, rows = 0, columns = 0, channels = 1] = shape;
  const size = rows * columns * channels;
  const seen = new Uint8Array(greatestLabel(data) + 1);
  return Array.from({ length: channels }, (_, channel) => {
    let count = 0;
    for (let batch = 0; batch < batches; batch++) {
      seen.fill(0);
      for (let at = batch * size + channel; at < (batch + 1) * size; at += channels) {
        const label = data[at] ?? 0;
        if (label <= 0 || seen[label] !== 0) continue;
        seen[label] = 1;
        count += 1;
      }
    }
    return count;
  });
}
