import type { PlaneSize } from '../../../src/imaging/plane.ts';

type Point = readonly [row: number, column: number];

export const NEAREST: readonly Point[] = [
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, 0],
];
const DIAGONAL: readonly Point[] = [
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
];

/** The components of the pixels of a box for which `isMember` holds. */
export function components(
  [top, left, bottom, right]: readonly number[],
  isMember: (row: number, column: number) => boolean,
  steps: readonly Point[],
): Point[][] {
  const open = new Map<string, Point>();
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      if (isMember(row, column)) open.set(`${row},${column}`, [row, column]);
    }
  }
  const found: Point[][] = [];
  for (const [key, first] of open) {
    const component = [first];
    open.delete(key);
    for (const [y, x] of component) {
      for (const next of steps.map(([dy, dx]) => `${y + dy},${x + dx}`)) {
        const point = open.get(next);
        if (point !== undefined && open.delete(next)) component.push(point);
      }
    }
    found.push(component);
  }
  return found;
}

/** Components of a label less its holes: pieces of the rest of the plane, widened by one pixel, but for the one outside. */
export function eulerNumber(
  labels: Int32Array,
  { rows, columns }: PlaneSize,
  label: number,
): number {
  const at = (row: number, column: number): boolean =>
    row >= 0 &&
    column >= 0 &&
    row < rows &&
    column < columns &&
    labels[row * columns + column] === label;
  const pieces = components([0, 0, rows - 1, columns - 1], at, [...NEAREST, ...DIAGONAL]);
  const rest = components([-1, -1, rows, columns], (row, column) => !at(row, column), NEAREST);
  return pieces.length - (rest.length - 1);
}
