import type { Labels } from './array.ts';
import { greatestLabel } from './watershed/label-operations.ts';

/**
 * How many different labels above 0 each channel has, those of all images of the batch together. int32
 * `[batch, row, column, channel]`.
 */
export function countLabels({ labels: { shape, data } }: { readonly labels: Labels }): number[] {
  const [batches = 0, rows = 0, columns = 0, channels = 1] = shape;
  const size = rows * columns * channels;
  const seen = new Uint8Array(greatestLabel(data) + 1);
  return Array.from({ length: channels }, (_, channel) => {
    let count = 0;
    for (let batch = 0; batch < batches; batch++) {
      seen.fill(0);
      mark(seen, data.subarray(batch * size + channel, (batch + 1) * size), channels);
      for (let label = 1; label < seen.length; label++) count += seen[label];
    }
    return count;
  });
}

/** Sets the entry of each label to 1, without a branch that would be guessed wrong at every edge of a cell. */
function mark(seen: Uint8Array, labels: Int32Array, step: number): void {
  for (let at = 0; at < labels.length; at += step) seen[labels[at]] = 1;
}
