import type { NdArray } from '../array.ts';

/**
 * Which cells of a frame are neighbours, normalised: float32 `[slot, slot]`. Neighbours lie nearer than
 * `distance` to each other. Every link is divided by the root of the degrees of both ends; the steps are in
 * float32. Kipf and Welling, "Semi-supervised classification with graph convolutional networks" (2017).
 * Unused slots have their centroids at (0, 0) and count like cells there.
 *
 * @param centroids `[slot, (row, column)]`
 */
export function adjacencyOf(
  centroids: NdArray<Float32Array>,
  distance: number,
): NdArray<Float32Array> {
  const [slots = 0] = centroids.shape;
  const { data } = centroids;
  const links = new Float32Array(slots * slots);
  for (let a = 0; a < slots; a++) {
    for (let b = 0; b < slots; b++) {
      const down = data[2 * a] - data[2 * b];
      const across = data[2 * a + 1] - data[2 * b + 1];
      if (Math.sqrt(down * down + across * across) < distance) links[a * slots + b] = 1;
    }
  }
  return normalizeAdjacency({ shape: [slots, slots], data: links });
}

/** Divides each link by the root of the degrees of both its ends. float32 `[slot, slot]`. */
export function normalizeAdjacency({ shape, data }: NdArray<Float32Array>): NdArray<Float32Array> {
  const [slots = 0] = shape;
  const scales = Float32Array.from({ length: slots }, (_, slot) => {
    const degree = data
      .subarray(slot * slots, (slot + 1) * slots)
      .reduce((sum, link) => sum + link, 0);
    return Math.fround(Math.fround(degree) + Math.fround(1e-5)) ** -0.5;
  });
  const normalized = data.map((link, index) => {
    const [a, b] = [Math.floor(index / slots), index % slots];
    return Math.fround(scales[a] * link) * scales[b];
  });
  return { shape, data: normalized };
}
