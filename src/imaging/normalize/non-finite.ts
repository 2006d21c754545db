import { sizeOf } from '../array.ts';
import { rowsOf, withRows } from '../row-kernels.ts';

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
  const planes = sizeOf(others.map((axis) => shape[axis] ?? 1));
  let count = 0;
  const blank: number[] = [];
  for (let plane = 0; plane < planes; plane++) {
    const replaced = replaceInPlane(data, {
      start: startOf(plane, others, { shape, strides }),
      rows: { length: shape[rows] ?? 1, stride: strides[rows] ?? 0 },
      columns: { length: shape[columns] ?? 1, stride: strides[columns] ?? 1 },
    });
    count += replaced;
    if (replaced === (shape[rows] ?? 1) * (shape[columns] ?? 1)) blank.push(plane);
  }
  return { count, blank };
}

/** Values that are looked at in one call. */
const CHUNK = 16_384;

function hasNonFinite(data: Float32Array): boolean {
  return withRows(rowsOf([CHUNK]), ({ kernels, rowOf }) => {
    const line = rowOf(CHUNK, 'zero');
    for (let start = 0; start < data.length; start += CHUNK) {
      const chunk = data.subarray(start, start + CHUNK);
      line.float32.set(chunk);
      // Behind the last chunk stand values of the one before, or zeros.
      if (kernels.areFinite(line.address, chunk.length) === 0) return true;
    }
    return false;
  });
}

interface Strides {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

function startOf(plane: number, axes: readonly number[], { shape, strides }: Strides): number {
  let rest = plane;
  let start = 0;
  for (const axis of axes.toReversed()) {
    const place = rest % (shape[axis] ?? 1);
    rest = (rest - place) / (shape[axis] ?? 1);
    start += place * (strides[axis] ?? 0);
  }
  return start;
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
