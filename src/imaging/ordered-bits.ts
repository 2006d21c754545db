/** The key of +Infinity: keys beyond it belong to NaN. */
export const INFINITE = 0x7f800000;

/** A key below all others, for what takes no part. */
export const LOWEST = -0x80000000;

/** A key above all others. */
export const HIGHEST = 0x7fffffff;

const one = new Float32Array(1);
const oneBits = new Int32Array(one.buffer);

/** An integer that is greater for greater float32 values, and equal for equal ones, from their bits. */
export function orderedKey(bits: number): number {
  if (bits >= 0) return bits;
  // Minus zero equals zero.
  return bits === LOWEST ? 0 : bits ^ 0x7fffffff;
}

/** The key of one value, rounded to float32. */
export function keyOf(value: number): number {
  one[0] = value;
  return orderedKey(oneBits[0]);
}

/** The value of a key. */
export function valueOf(key: number): number {
  oneBits[0] = key >= 0 ? key : key ^ 0x7fffffff;
  return one[0];
}
