import { greatestLabel } from '../watershed/label-operations.ts';
import type { PlaneSize } from '../plane.ts';

/** An object of a label image. Rows and columns of its bounding box: the ends are the first ones behind it. */
export interface FrameObject {
  readonly label: number;
  readonly area: number;
  /** Mean row and column of its pixels. */
  readonly centroid: readonly [row: number, column: number];
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The objects of a label image, by ascending label: one pass over the image. */
export function findObjects(labels: Int32Array, { rows, columns }: PlaneSize): FrameObject[] {
  const length = greatestLabel(labels) + 1;
  const areas = new Int32Array(length);
  const rowSums = new Float64Array(length);
  const columnSums = new Float64Array(length);
  const tops = new Int32Array(length);
  const bottoms = new Int32Array(length);
  const lefts = new Int32Array(length).fill(columns);
  const rights = new Int32Array(length);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      const label = labels[i];
      if (label <= 0) continue;
      if (areas[label]++ === 0) tops[label] = row;
      bottoms[label] = row + 1;
      rowSums[label] += row;
      columnSums[label] += column;
      if (column < lefts[label]) lefts[label] = column;
      if (column >= rights[label]) rights[label] = column + 1;
    }
  }
  return [...areas.keys()]
    .filter((label) => areas[label] > 0)
    .map((label) => ({
      label,
      area: areas[label],
      centroid: [rowSums[label] / areas[label], columnSums[label] / areas[label]],
      top: tops[label],
      bottom: bottoms[label],
      left: lefts[label],
      right: rights[label],
    }));
}
