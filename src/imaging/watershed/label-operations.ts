import type { PlaneSize } from '../plane.ts';
import { withScratch } from '../scratch.ts';

/*
 * Functions of label planes take the greatest label, or a number above it, if the caller knows one: that
 * saves a look at every pixel.
 */

export function greatestLabel(labels: Int32Array): number {
  let greatest = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] > greatest) greatest = labels[i];
  return greatest;
}

/** Number of pixels of each label, by label; entry 0 counts the background. */
export function countPixels(labels: Int32Array, greatest = greatestLabel(labels)): Int32Array {
  const counts = new Int32Array(greatest + 1);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  return counts;
}

/**
 * Sets labels with fewer than `minimum` pixels, connected or not, to 0, in place: `remove_small_objects`
 * of skimage.
 */
export function removeSmallObjects(labels: Int32Array, minimum: number, greatest?: number): void {
  const counts = countPixels(labels, greatest);
  if (counts.every((count) => count === 0 || count >= minimum)) return;
  for (let i = 0; i < labels.length; i++) if (counts[labels[i]] < minimum) labels[i] = 0;
}

/**
 * Renumbers labels 1..n, keeping their order, in place, and returns n: `relabel_sequential` of skimage.
 */
export function relabelSequentially(labels: Int32Array, greatest = greatestLabel(labels)): number {
  const numbers = new Int32Array(greatest + 1);
  for (let i = 0; i < labels.length; i++) numbers[labels[i]] = 1;
  numbers[0] = 0;
  let count = 0;
  let last = 0;
  for (let label = 1; label < numbers.length; label++) {
    if (numbers[label] === 0) continue;
    numbers[label] = ++count;
    last = label;
  }
  if (last === count) return count;
  for (let i = 0; i < labels.length; i++) labels[i] = numbers[labels[i]];
  return count;
}

/**
 * Sets every labelled pixel to 0 that has a different value above, below, left or right, in place, `passes`
 * times. The outside of the image does not count as different.
 */
export function erodeEdges(labels: Int32Array, { rows, columns }: PlaneSize, passes: number): void {
  withScratch((scratch) => {
    const before = scratch.int32(labels.length);
    for (let pass = 0; pass < passes; pass++) {
      before.set(labels);
      for (let i = 0; i < labels.length; i++) {
        const label = before[i];
        if (label === 0) continue;
        const row = Math.floor(i / columns);
        const column = i - row * columns;
        const isInside =
          (row === 0 || before[i - columns] === label) &&
          (row === rows - 1 || before[i + columns] === label) &&
          (column === 0 || before[i - 1] === label) &&
          (column === columns - 1 || before[i + 1] === label);
        if (!isInside) labels[i] = 0;
      }
    }
  });
}
