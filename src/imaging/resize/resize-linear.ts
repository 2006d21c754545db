import type { PlaneSize } from '../plane.ts';
import type { Size } from '../plane.ts';

/** float32 `[row, column]`. */
interface Plane extends PlaneSize {
  readonly data: Float32Array;
}

/**
 * OpenCV's INTER_LINEAR of one float32 plane: positions and weights in float32, first along the row, then between rows.
 * An image that is a single row is taken for a single column, because the reference squeezes it.
 */
export function resizeLinear(
  plane: Plane,
  [toRows, toColumns]: Size,
  out: Float32Array = new Float32Array(toRows * toColumns),
): Float32Array {
  const transposed = plane.rows === 1 && plane.columns > 1;
  const rows = transposed ? plane.columns : plane.rows;
  const columns = transposed ? 1 : plane.columns;
  const across = neighbours(columns, toColumns, 'inside');
  const down = neighbours(rows, toRows, 'outside');
  const lines = new LineCache({ data: plane.data, rows, columns }, across);
  for (let y = 0; y < toRows; y++) {
    const above = lines.line(Math.min(Math.max(down.index[y], 0), rows - 1));
    const below = lines.line(Math.min(Math.max(down.index[y] + 1, 0), rows - 1));
    blendLines(above, below, down.weight[y], out.subarray(y * toColumns, (y + 1) * toColumns));
  }
  return out;
}

function blendLines(
  above: Float32Array,
  below: Float32Array,
  weight: number,
  out: Float32Array,
): void {
  const rest = Math.fround(1 - weight);
  for (let x = 0; x < out.length; x++) {
    out[x] = Math.fround(above[x] * rest) + Math.fround(below[x] * weight);
  }
}

interface Neighbours {
  /** The sample before each place. */
  readonly index: Int32Array;
  /** The weight of the sample after it. */
  readonly weight: Float32Array;
}

function neighbours(from: number, to: number, edges: 'inside' | 'outside'): Neighbours {
  const scale = 1 / (to / from);
  const index = new Int32Array(to);
  const weight = new Float32Array(to);
  for (let k = 0; k < to; k++) {
    const position = Math.fround((k + 0.5) * scale - 0.5);
    const left = Math.floor(position);
    const beyond = edges === 'inside' && (left < 0 || left >= from - 1);
    index[k] = beyond ? Math.min(Math.max(left, 0), from - 1) : left;
    weight[k] = beyond ? 0 : position - left;
  }
  return { index, weight };
}

/** Source rows interpolated along their columns, as long as the next row may need them. */
class LineCache {
  readonly #plane: Plane;
  readonly #across: Neighbours;
  readonly #sources = [-1, -1];
  readonly #lines: readonly [Float32Array, Float32Array];

  constructor(plane: Plane, across: Neighbours) {
    this.#plane = plane;
    this.#across = across;
    const { length } = across.index;
    this.#lines = [new Float32Array(length), new Float32Array(length)];
  }

  /** Even rows have their place, and odd rows theirs. */
  line(source: number): Float32Array {
    const place = source % 2;
    const line = place === 0 ? this.#lines[0] : this.#lines[1];
    if (this.#sources[place] !== source) {
      this.#sources[place] = source;
      interpolate(this.#plane, source, this.#across, line);
    }
    return line;
  }
}

function interpolate(
  { data, columns }: Plane,
  row: number,
  { index, weight }: Neighbours,
  line: Float32Array,
): void {
  const start = row * columns;
  for (let x = 0; x < line.length; x++) {
    const left = index[x];
    const right = left + 1 < columns ? left + 1 : left;
    const share = weight[x];
    line[x] =
      Math.fround(data[start + left] * Math.fround(1 - share)) +
      Math.fround(data[start + right] * share);
  }
}
