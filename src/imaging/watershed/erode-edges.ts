import type { PlaneSize } from '../plane.ts';
import { withScratch } from '../scratch.ts';

/**
 * Sets every labelled pixel to 0 that has a different value above, below, left or right, in place, `passes`
 * times. The outside of the image does not count as different.
 */
export function erodeEdges(labels: Int32Array, size: PlaneSize, passes: number): void {
  withScratch((scratch) => erode(labels, size, passes, scratch.int32(labels.length)));
}

function erode(labels: Int32Array, size: PlaneSize, passes: number, before: Int32Array): void {
  for (let pass = 0; pass < passes; pass++) {
    before.set(labels);
    erodeOnce(before, size, labels);
  }
}

function erodeOnce(before: Int32Array, { rows, columns }: PlaneSize, labels: Int32Array): void {
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
