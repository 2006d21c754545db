import { notNumbers, overflow } from '../applications/check-heads.ts';
import type { Image } from '../array.ts';

/**
 * Refuses outputs with NaN or infinite values, which would be pixels without a spot. Not of a constant plane
 * of the image: its range is 0, so that the model is given NaN. Throws `model_mismatch`.
 *
 * `image`: `[batch, row, column, channel]` as it was before its values were scaled; outputs have as many
 * batch items.
 */
export function checkSpotHeads(image: Image, outputs: readonly Image[]): void {
  const batches = image.shape[0] ?? 0;
  for (let batch = 0; batch < batches; batch++) {
    if (isConstant(itemOf(image, batch))) continue;
    const bad = outputs.reduce((sum, output) => sum + notNumbers(itemOf(output, batch)), 0);
    if (bad === 0) continue;
    throw overflow(`${bad} values that the model gave for image ${batch}`, 'spots');
  }
}

function itemOf({ shape, data }: Image, batch: number): Float32Array {
  const size = data.length / (shape[0] ?? 1);
  return data.subarray(batch * size, (batch + 1) * size);
}

function isConstant(values: Float32Array): boolean {
  const [first] = values;
  return values.every((value) => value === first);
}
