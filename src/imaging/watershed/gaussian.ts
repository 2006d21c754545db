import type { PlaneSize } from '../plane.ts';
import { doublesOf, type Row, type RowArena, rowsOf, withRows } from '../wasm/row-kernels.ts';

/** What stands outside the image: its mirror image with the edge repeated (d c b a | a b c d | d c b a), or zeros. */
export type Surroundings = 'mirror' | 'zeros';

export interface GaussianOptions {
  /** Standard deviation along the rows axis and along the columns axis, in pixels. 0 leaves an axis as it is. */
  readonly sigma: readonly [rows: number, columns: number];
  readonly outside: Surroundings;
}

/**
 * Smooths a plane as `scipy.ndimage.gaussian_filter` does with `truncate=4`: along the rows axis first,
 * then along the columns axis, each sum in double precision from the farthest pair inwards, each axis
 * rounded to float32. `output` must not share memory with `plane`.
 */
export function smoothPlane(
  plane: Float32Array,
  size: PlaneSize,
  { sigma, outside }: GaussianOptions,
  output: Float32Array,
): void {
  const down = gaussianWeights(sigma[0]);
  const across = gaussianWeights(sigma[1]);
  const held = Math.min(size.rows, 2 * down.length - 1);
  // Values of float64 take two places each, as do weights; see RowFilter for what is wanted.
  const wide = 2 * size.columns;
  const lists = [down, down, across, across].map(({ length }) => 2 * length);
  const rows = [...Array.from({ length: held + 1 }, () => wide), wide + 4 * across.length];
  withRows(rowsOf([...lists, ...rows, size.columns, size.columns]), (arena) => {
    new RowFilter(plane, size, { down, across }, outside, arena).smoothAll(output);
  });
}

/**
 * One half of a normalised Gaussian kernel, centre first, cut off at four standard deviations. The sum
 * over the whole kernel is formed in numpy's order (eight partial sums), so that every weight is the one
 * that scipy uses.
 */
export function gaussianWeights(sigma: number): Float64Array {
  const radius = Math.trunc(4 * sigma + 0.5);
  if (radius === 0) return Float64Array.of(1);
  const whole = Float64Array.from({ length: 2 * radius + 1 }, (_, index) =>
    Math.exp((-0.5 / (sigma * sigma)) * (index - radius) ** 2),
  );
  const sum = pairwiseSum(whole);
  return whole.slice(radius).map((weight) => weight / sum);
}

/** numpy's sum of up to 128 numbers. */
function pairwiseSum(values: Float64Array): number {
  const inEights = values.length - (values.length % 8);
  const partial = new Float64Array(8);
  for (let i = 0; i < inEights; i++) partial[i % 8] += values[i];
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = partial;
  let sum = a + b + (c + d) + (e + f + (g + h));
  for (let i = inEights; i < values.length; i++) sum += values[i];
  return sum;
}

/** The index inside 0..length-1 whose value stands at `index`, or -1 if a zero does. */
function sourceIndex(index: number, length: number, outside: Surroundings): number {
  if (index >= 0 && index < length) return index;
  if (outside === 'zeros') return -1;
  const phase = ((index % (2 * length)) + 2 * length) % (2 * length);
  return phase < length ? phase : 2 * length - 1 - phase;
}

/** Weights of an axis, and the addresses of the rows that they belong to. */
class Taps {
  readonly radius: number;
  readonly weights: Row;
  readonly addresses: Row;

  constructor(weights: Float64Array, { rowOf }: RowArena) {
    this.radius = weights.length - 1;
    this.weights = rowOf(2 * weights.length, 'zero');
    this.weights.int32.set(new Int32Array(weights.buffer));
    this.addresses = rowOf(2 * weights.length, 'zero');
  }

  /** Notes the address for a distance from the centre. The farthest pair stands behind the centre. */
  aim(distance: number, address: number): void {
    const pair = 2 * (this.radius - Math.abs(distance)) + 1;
    const tap = distance === 0 ? 0 : pair + (distance > 0 ? 1 : 0);
    this.addresses.int32[tap] = address;
  }
}

/**
 * Smooths a plane row by row. Holds the rows that the next one needs, in float64, each in turn in the place of the
 * oldest.
 */
class RowFilter {
  readonly #plane: Float32Array;
  readonly #size: PlaneSize;
  readonly #outside: Surroundings;
  readonly #kernels: RowArena['kernels'];
  readonly #down: Taps;
  readonly #across: Taps;
  readonly #sources: readonly Row[];
  readonly #zeros: Row;
  /** A row smoothed along the rows axis, in float64, with as many pixels on both sides as the other axis needs. */
  readonly #line: Row;
  readonly #values: Float64Array;
  readonly #input: Row;
  readonly #result: Row;
  #loaded = 0;

  constructor(
    plane: Float32Array,
    size: PlaneSize,
    weights: { readonly down: Float64Array; readonly across: Float64Array },
    outside: Surroundings,
    arena: RowArena,
  ) {
    this.#plane = plane;
    this.#size = size;
    this.#outside = outside;
    this.#kernels = arena.kernels;
    this.#down = new Taps(weights.down, arena);
    this.#across = new Taps(weights.across, arena);
    const held = Math.min(size.rows, 2 * this.#down.radius + 1);
    const wide = 2 * size.columns;
    this.#sources = Array.from({ length: held }, () => arena.rowOf(wide, 'zero'));
    this.#zeros = arena.rowOf(wide, 'zero');
    const margin = this.#across.radius;
    this.#line = arena.rowOf(wide + 4 * margin, 'zero');
    this.#values = doublesOf(this.#line, size.columns + 2 * margin);
    for (let distance = -margin; distance <= margin; distance++)
      this.#across.aim(distance, this.#line.address + 8 * (margin + distance));
    this.#input = arena.rowOf(size.columns, 'zero');
    this.#result = arena.rowOf(size.columns, 'zero');
  }

  smoothAll(output: Float32Array): void {
    const { rows, columns } = this.#size;
    for (let row = 0; row < rows; row++) output.set(this.#smooth(row), row * columns);
  }

  /** A row of the result. Rows have to be asked for in turn. */
  #smooth(row: number): Float32Array {
    const { rows, columns } = this.#size;
    const { radius } = this.#down;
    this.#load(Math.min(row + radius, rows - 1));
    for (let distance = -radius; distance <= radius; distance++) {
      const source = sourceIndex(row + distance, rows, this.#outside);
      const held = source < 0 ? this.#zeros : this.#sources[source % this.#sources.length];
      this.#down.aim(distance, held.address);
    }
    const margin = this.#across.radius;
    this.#sum(this.#down, this.#line.address + 8 * margin, 1);
    this.#extendLine(columns, margin);
    this.#sum(this.#across, this.#result.address, 0);
    return this.#result.float32;
  }

  #sum({ addresses, weights, radius }: Taps, output: number, asFloat64: 0 | 1): void {
    const { columns } = this.#size;
    const taps = addresses.address;
    this.#kernels.sumTaps(taps, weights.address, radius, columns, output, asFloat64);
  }

  /** Reads the rows up to `last`. */
  #load(last: number): void {
    const { columns } = this.#size;
    for (; this.#loaded <= last; this.#loaded++) {
      const start = this.#loaded * columns;
      const { address } = this.#sources[this.#loaded % this.#sources.length];
      this.#input.float32.set(this.#plane.subarray(start, start + columns));
      this.#kernels.widenRow(this.#input.address, columns, address);
    }
  }

  #extendLine(length: number, margin: number): void {
    const line = this.#values;
    for (let distance = 1; distance <= margin; distance++) {
      const before = sourceIndex(-distance, length, this.#outside);
      const after = sourceIndex(length - 1 + distance, length, this.#outside);
      line[margin - distance] = before < 0 ? 0 : line[margin + before];
      line[margin + length - 1 + distance] = after < 0 ? 0 : line[margin + after];
    }
  }
}
