/**
 * The seed from which the reconstruction behind h-maxima starts: the value less h, less twice the resolution
 * of float32 (2e-6 of the value), each step in float32. Never greater than the value.
 */
export function seedOf(value: number, h: number): number {
  const resolution = Math.fround(Math.fround(2e-6) * Math.abs(value));
  return Math.fround(Math.fround(value - Math.fround(h)) - resolution);
}

/**
 * A difference of values from which the seed of the higher one is certainly less than h below the lower one,
 * and below whose negative it certainly is not: the resolution term plus all rounding of `seedOf`,
 * generously.
 */
export function seedMargin(greatestMagnitude: number, h: number): number {
  return 4e-6 * greatestMagnitude + 2 ** -21 * (greatestMagnitude + Math.abs(h));
}
