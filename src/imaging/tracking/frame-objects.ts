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

/** An object while its pixels are counted. */
interface Growing {
  area: number;
  rowSum: number;
  columnSum: number;
  readonly top: number;
  bottom: number;
  left: number;
  right: number;
}

/**
 * The objects of a label image, by ascending label: one pass over the image. Labels may be any numbers above 0; memory
 * follows how many there are.
 */
export function findObjects(labels: Int32Array, { rows, columns }: PlaneSize): FrameObject[] {
  const found = new Map<number, Growing>();
  let last = 0;
  let object: Growing | undefined;
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      const label = labels[i];
      if (label <= 0) continue;
      // Neighbours mostly have the same label.
      if (object === undefined || label !== last) object = growing(found, label, { row, column });
      last = label;
      object.area++;
      object.rowSum += row;
      object.columnSum += column;
      object.bottom = row + 1;
      if (column < object.left) object.left = column;
      if (column >= object.right) object.right = column + 1;
    }
  }
  return [...found]
    .toSorted(([one], [other]) => one - other)
    .map(([label, { rowSum, columnSum, ...rest }]) => ({
      label,
      ...rest,
      centroid: [rowSum / rest.area, columnSum / rest.area],
    }));
}

/** The object of a label, which begins with this pixel if there is none yet. */
function growing(
  found: Map<number, Growing>,
  label: number,
  { row, column }: { readonly row: number; readonly column: number },
): Growing {
  const known = found.get(label);
  if (known !== undefined) return known;
  const begins = { top: row, bottom: row + 1, left: column, right: column + 1 };
  const object = { area: 0, rowSum: 0, columnSum: 0, ...begins };
  found.set(label, object);
  return object;
}
