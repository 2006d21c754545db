import type { Labels } from './array.ts';

/** Labels that are expected at first: few images hold more. */
const EXPECTED = 2 ** 16;

/**
 * How many different labels above 0 each channel has, those of all images of the batch together. int32
 * `[batch, row, column, channel]`.
 */
export function countLabels({ labels: { shape, data } }: { readonly labels: Labels }): number[] {
  const [batches = 0, rows = 0, columns = 0, channels = 1] = shape;
  const size = rows * columns * channels;
  const counts: number[] = [];
  let seen = new Uint8Array(EXPECTED);
  for (let channel = 0; channel < channels; channel++) {
    let count = 0;
    for (let batch = 0; batch < batches; batch++) {
      const labels = data.subarray(batch * size + channel, (batch + 1) * size);
      const greatest = mark(seen.fill(0), labels, channels);
      if (greatest >= seen.length) {
        seen = new Uint8Array(greatest + 1);
        mark(seen, labels, channels);
      }
      for (let label = 1; label <= greatest; label++) count += seen[label];
    }
    counts.push(count);
  }
  return counts;
}

/**
 * Sets the entry of each label to 1, if there is one, without a branch that would be guessed wrong at every
 * edge of a cell. Returns the greatest label.
 */
function mark(seen: Uint8Array, labels: Int32Array, step: number): number {
  let greatest = 0;
  for (let at = 0; at < labels.length; at += step) {
    const label = labels[at];
    seen[label] = 1;
    greatest = Math.max(greatest, label);
  }
  return greatest;
}
