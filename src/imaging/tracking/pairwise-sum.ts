const { fround } = Math;

/** Up to this many elements are added in eight columns; more are halved first. */
const BLOCK = 128;
const COLUMNS = 8;

/**
 * The sum of float32 elements in float32, in the order of NumPy's `sum` of an array in one piece, and so with
 * its rounding: pairwise summation, Higham, "The accuracy of floating point summation", SIAM J. Sci. Comput.
 * 14 (1993).
 */
export function pairwiseSum(values: Float32Array): number {
  return sumOf(values, 0, values.length);
}

/** The mean as NumPy has it, float32. NaN if there are no elements. */
export function pairwiseMean(values: Float32Array): number {
  return fround(pairwiseSum(values) / values.length);
}

function sumOf(values: Float32Array, start: number, length: number): number {
  if (length < COLUMNS) return added(values, start, start + length, 0);
  if (length <= BLOCK) return blockSum(values, start, length);
  const half = Math.floor(length / 2);
  const first = half - (half % COLUMNS);
  return fround(sumOf(values, start, first) + sumOf(values, start + first, length - first));
}

/** A sum and elements, one after the other. */
function added(values: Float32Array, start: number, end: number, before: number): number {
  let sum = before;
  for (let i = start; i < end; i++) sum = fround(sum + values[i]);
  return sum;
}

function blockSum(values: Float32Array, start: number, length: number): number {
  const whole = start + length - (length % COLUMNS);
  const sums = values.slice(start, start + COLUMNS);
  for (let i = start + COLUMNS; i < whole; i += COLUMNS) {
    for (let column = 0; column < COLUMNS; column++) sums[column] += values[i + column];
  }
  const [a, b, c, d, e, f, g, h] = sums;
  const left = fround(fround(a + b) + fround(c + d));
  const right = fround(fround(e + f) + fround(g + h));
  return added(values, whole, start + length, fround(left + right));
}
