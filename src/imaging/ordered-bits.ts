/** The key of +Infinity: keys beyond it belong to NaN. */
export const INFINITE = 0x7f800000;

/** A key below all others, for what takes no part. */
export const LOWEST = -0x80000000;

/** The bits of float32 values as integers. Integers are compared and loaded faster, see `orderedKey`. */
export function bitsOf(values: Float32Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, values.length);
}

/** An integer that is greater for greater float32 values, and equal for equal ones, from their bits. */
export function orderedKey(bits: number): number {
  if (bits >= 0) return bits;
  // Minus zero equals zero.
  return bits === LOWEST ? 0 : bits ^ 0x7fffffff;
}

/** The key of one value, rounded to float32. */
export function keyOf(value: number): number {
  return orderedKey(bitsOf(Float32Array.of(value))[0]);
}
