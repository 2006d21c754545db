import type { PlaneSize } from './plane.ts';
import { withScratch } from './scratch.ts';

/** What stands outside the image: its mirror image with the edge repeated (d c b a | a b c d | d c b a), or zeros. */
export type Surroundings = 'mirror' | 'zeros';

export interface GaussianOptions {
  /** Standard deviation along the rows axis and along the columns axis, in pixels. 0 leaves an axis as it is. */
  readonly sigma: readonly [rows: number, columns: number];
  readonly outside: Surroundings;
}

/**
 * Smooths a plane as `scipy.ndimage.gaussian_filter` does with `truncate=4`: along the rows axis first, then along the columns axis,
 * each sum in double precision from the farthest pair inwards, each axis rounded to float32. `output` must not share memory
 * with `plane`.
 */
export function smoothPlane(
  plane: Float32Array,
  size: PlaneSize,
  options: GaussianOptions,
  output: Float32Array,
): void {
  const [sigmaRows, sigmaColumns] = options.sigma;
  if (sigmaRows === 0 && sigmaColumns === 0) {
    output.set(plane);
    return;
  }
  const filter = { down: gaussianWeights(sigmaRows), across: gaussianWeights(sigmaColumns) };
  withScratch((scratch) => {
    const margin = filter.across.length - 1;
    const sums = scratch.float64(size.columns);
    const line = scratch.float64(size.columns + 2 * margin);
    const inner = line.subarray(margin, margin + size.columns);
    for (let row = 0; row < size.rows; row++) {
      const start = row * size.columns;
      sumDown(plane, size, row, filter.down, options.outside, sums);
      for (let x = 0; x < size.columns; x++) inner[x] = Math.fround(sums[x]);
      extendLine(line, size.columns, margin, options.outside);
      sumAcross(line, filter.across, sums);
      output.set(sums, start);
    }
  });
}

/**
 * One half of a normalised Gaussian kernel, centre first, cut off at four standard deviations. The sum over the whole kernel is formed
 * in numpy's order (eight partial sums), so that every weight is the one that scipy uses.
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

/** `sums[x]` = weighted sum over the rows around `row` in column x. */
function sumDown(
  plane: Float32Array,
  { rows, columns }: PlaneSize,
  row: number,
  weights: Float64Array,
  outside: Surroundings,
  sums: Float64Array,
): void {
  const centre = row * columns;
  for (let x = 0; x < columns; x++) sums[x] = plane[centre + x] * weights[0];
  for (let distance = weights.length - 1; distance > 0; distance--) {
    const weight = weights[distance];
    const above = sourceIndex(row - distance, rows, outside) * columns;
    const below = sourceIndex(row + distance, rows, outside) * columns;
    if (above >= 0 && below >= 0) {
      for (let x = 0; x < columns; x++) sums[x] += (plane[above + x] + plane[below + x]) * weight;
    } else if (above >= 0 || below >= 0) {
      const inside = Math.max(above, below);
      for (let x = 0; x < columns; x++) sums[x] += (plane[inside + x] + 0) * weight;
    }
  }
}

function extendLine(
  line: Float64Array,
  length: number,
  margin: number,
  outside: Surroundings,
): void {
  for (let distance = 1; distance <= margin; distance++) {
    const before = sourceIndex(-distance, length, outside);
    const after = sourceIndex(length - 1 + distance, length, outside);
    line[margin - distance] = before < 0 ? 0 : line[margin + before];
    line[margin + length - 1 + distance] = after < 0 ? 0 : line[margin + after];
  }
}

/** `sums[x]` = weighted sum around position x of the extended line. */
function sumAcross(line: Float64Array, weights: Float64Array, sums: Float64Array): void {
  const margin = weights.length - 1;
  for (let x = 0; x < sums.length; x++) sums[x] = line[margin + x] * weights[0];
  for (let distance = margin; distance > 0; distance--) {
    const weight = weights[distance];
    const left = margin - distance;
    const right = margin + distance;
    for (let x = 0; x < sums.length; x++) sums[x] += (line[left + x] + line[right + x]) * weight;
  }
}
