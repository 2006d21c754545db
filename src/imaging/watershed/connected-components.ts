import { IntegerList } from '../integer-list.ts';
import type { PlaneSize } from '../plane.ts';

/**
 * Numbers the 8-connected components of the ones in a mask of zeros and ones from 1, in raster order of their
 * first pixel; `labels` receives 0 elsewhere. Returns how many there are.
 */
export function labelComponents(mask: Uint8Array, size: PlaneSize, labels: Int32Array): number {
  labels.fill(0);
  const open = new IntegerList();
  let count = 0;
  for (let seed = mask.indexOf(1); seed >= 0; seed = mask.indexOf(1, seed)) {
    for (; mask[seed] === 1; seed++) {
      if (labels[seed] !== 0) continue;
      labels[seed] = ++count;
      open.push(seed);
      while (open.length > 0) labelNeighbours(open.pop(), mask, size, labels, open);
    }
  }
  return count;
}

/** Gives the label of a pixel to its neighbours in the mask that have none, and opens these. */
function labelNeighbours(
  pixel: number,
  mask: Uint8Array,
  { rows, columns }: PlaneSize,
  labels: Int32Array,
  open: IntegerList,
): void {
  const row = Math.floor(pixel / columns);
  const column = pixel - row * columns;
  const bottom = Math.min(row + 1, rows - 1);
  const left = Math.max(column - 1, 0);
  const right = Math.min(column + 1, columns - 1);
  for (let y = Math.max(row - 1, 0); y <= bottom; y++) {
    for (let other = y * columns + left; other <= y * columns + right; other++) {
      if (mask[other] === 0 || labels[other] !== 0) continue;
      labels[other] = labels[pixel];
      open.push(other);
    }
  }
}
