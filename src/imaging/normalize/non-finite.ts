import { sizeOf } from '../array.ts';
import { everyChunk } from '../elements/every-chunk.ts';
import { forEachPlace } from '../elements/for-each-place.ts';

/** What was done about values that are no numbers. */
interface Replaced {
  /** How many of the values were NaN or infinite. */
  readonly count: number;
  /** Planes that held nothing else, numbered by the axes other than rows and columns, in their order. */
  readonly blank: readonly number[];
}

/**
 * Makes NaN and infinite values background, in place: the least value of their plane, so that no
 * percentile, histogram or filter meets them, and they are never foreground. A plane that holds
 * nothing else becomes zeros. `axes` has a letter for each axis, Y for rows and X for columns; where
 * there are none, the last two axes are taken for them.
 */
export function replaceNonFinite(
  { shape, data }: { readonly shape: readonly number[]; readonly data: Float32Array },
  axes: string,
): Replaced {
  if (!hasNonFinite(data)) return { count: 0, blank: [] };
  const known = axes.includes('Y') && axes.includes('X');
  const rows = known ? axes.indexOf('Y') : shape.length - 2;
  const columns = known ? axes.indexOf('X') : shape.length - 1;
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const others = shape.flatMap((_, axis) => (axis === rows || axis === columns ? [] : [axis]));
  let count = 0;
  let plane = 0;
  const blank: number[] = [];
  const placed = others.map((axis) => ({
    length: shape[axis] ?? 1,
    from: strides[axis] ?? 0,
    to: 0,
  }));
  forEachPlace(placed, (start) => {
    const replaced = replaceInPlane(data, {
      start,
      rows: { length: shape[rows] ?? 1, stride: strides[rows] ?? 0 },
      columns: { length: shape[columns] ?? 1, stride: strides[columns] ?? 1 },
    });
    count += replaced;
    if (replaced === (shape[rows] ?? 1) * (shape[columns] ?? 1)) blank.push(plane);
    plane++;
  });
  return { count, blank };
}

function hasNonFinite(data: Float32Array): boolean {
  return !everyChunk(data, (kernels, address, count) => kernels.areFinite(address, count));
}

interface Line {
  readonly length: number;
  readonly stride: number;
}

interface Plane {
  readonly start: number;
  readonly rows: Line;
  readonly columns: Line;
}

function replaceInPlane(data: Float32Array, { start, rows, columns }: Plane): number {
  let count = 0;
  let least = Infinity;
  const places = columns.length * columns.stride;
  for (let row = 0; row < rows.length; row++) {
    const from = start + row * rows.stride;
    for (let at = from; at < from + places; at += columns.stride) {
      const value = data[at];
      if (value - value !== 0) count++;
      else if (value < least) least = value;
    }
  }
  const background = least === Infinity ? 0 : least;
  for (let row = 0; count > 0 && row < rows.length; row++) {
    const from = start + row * rows.stride;
    for (let at = from; at < from + places; at += columns.stride) {
      if (data[at] - data[at] !== 0) data[at] = background;
    }
  }
  return count;
}
