import type { NdArray } from './array.ts';

/** Corners `[column, row]`, the first once more at the end. */
export type Ring = readonly (readonly [x: number, y: number])[];

/** The pieces of a label that hang together, each with its outer ring, then those of its holes. */
export interface LabelPolygons {
  readonly label: number;
  readonly polygons: readonly (readonly Ring[])[];
}

/** East, south, west, north, as rows go down: with the cell on the right. */
const STEPS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/** Columns and rows from a corner to the pixels before it on the left and on the right, by direction. */
const AHEAD = [
  { left: [0, -1], right: [0, 0] },
  { left: [0, 0], right: [-1, 0] },
  { left: [-1, 0], right: [-1, -1] },
  { left: [-1, -1], right: [0, -1] },
] as const;

/**
 * The outlines of the labels of a plane, int32 `[row, column]`, along the edges of pixels, so that they enclose as much
 * as the labels have pixels. Pixels hang together along edges; where a piece touches itself at a corner its hole
 * ends there, so that every polygon is valid by the rules of OGC and RFC 7946: outer rings run
 * counterclockwise, those of holes clockwise. By ascending label.
 */
export function labelPolygons(plane: NdArray<Int32Array>): LabelPolygons[] {
  const [rows = 0, columns = 0] = plane.shape;
  const { pieces, labels } = piecesOf(plane);
  const rings = labels.map((): Ring[] => []);
  const isTraced = new Uint8Array(pieces.length);
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at];
    if (piece < 0 || isTraced[at] === 1 || (at >= columns && pieces[at - columns] === piece))
      continue;
    // The first of a piece is met at its topmost pixel: the outer one.
    rings[piece]?.push(traced(at, { pieces, rows, columns, isTraced }));
  }
  const byLabel = Map.groupBy(rings.keys(), (piece) => labels[piece] ?? 0);
  return [...byLabel]
    .toSorted(([one], [other]) => one - other)
    .map(([label, own]) => ({ label, polygons: own.map((piece) => rings[piece] ?? []) }));
}

interface Pieces {
  /** The piece of each pixel, -1 for the background. */
  readonly pieces: Int32Array;
  readonly rows: number;
  readonly columns: number;
  /** Pixels whose upper edge is in a ring. */
  readonly isTraced: Uint8Array;
}

/** The ring that runs along the upper edge of a pixel. */
function traced(start: number, { pieces, rows, columns, isTraced }: Pieces): Ring {
  const piece = pieces[start];
  const isOwn = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < columns && y < rows && pieces[y * columns + x] === piece;
  const first = [start % columns, Math.floor(start / columns)] as const;
  const corners: [number, number][] = [];
  let [x, y, direction] = [...first, 0];
  do {
    if (direction === 0) isTraced[y * columns + x] = 1;
    const [across, down] = STEPS[direction] ?? STEPS[0];
    [x, y] = [x + across, y + down];
    const { left, right } = AHEAD[direction] ?? AHEAD[0];
    if (isOwn(x + left[0], y + left[1])) direction = (direction + 3) % 4;
    else if (isOwn(x + right[0], y + right[1])) continue;
    else direction = (direction + 1) % 4;
    corners.push([x, y]);
  } while (x !== first[0] || y !== first[1] || direction !== 0);
  return [...corners.slice(-1), ...corners];
}

/** Numbers the pieces of labels that hang together along edges, and tells the label of each. */
function piecesOf({ shape, data }: NdArray<Int32Array>): { pieces: Int32Array; labels: number[] } {
  const [rows = 0, columns = 0] = shape;
  const pieces = new Int32Array(data.length).fill(-1);
  const waiting = new Int32Array(data.length);
  const labels: number[] = [];
  for (let from = 0; from < data.length; from++) {
    const label = data[from];
    if (label <= 0 || pieces[from] >= 0) continue;
    const piece = labels.push(label) - 1;
    let count = 0;
    const take = (at: number): void => {
      if (data[at] !== label || pieces[at] >= 0) return;
      pieces[at] = piece;
      waiting[count++] = at;
    };
    take(from);
    while (count > 0) {
      const at = waiting[--count];
      const column = at % columns;
      if (column > 0) take(at - 1);
      if (column < columns - 1) take(at + 1);
      if (at >= columns) take(at - columns);
      if (at < (rows - 1) * columns) take(at + columns);
    }
  }
  return { pieces, labels };
}
