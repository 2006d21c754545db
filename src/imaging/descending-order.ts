import type { Scratch } from './scratch.ts';

const DIGIT_BITS = 11;
const DIGITS = 3;

/**
 * The indices of the values that are numbers, highest value first, equal values in the order of their indices: a radix sort of their
 * bits. The result is a scratch array.
 */
export function descendingOrder(values: Float32Array, scratch: Scratch): Int32Array {
  const { keys, order } = sortKeys(values, scratch);
  const count = order.length;
  let from = { keys, order };
  let to = { keys: scratch.int32(count), order: scratch.int32(count) };
  for (let digit = 0; digit < DIGITS; digit++) {
    scatter(from, to, digit * DIGIT_BITS);
    [from, to] = [to, from];
  }
  return from.order;
}

interface Keyed {
  readonly keys: Int32Array;
  readonly order: Int32Array;
}

/** Keys that ascend, as unsigned integers, while values descend. Zeros of both signs are equal. */
function sortKeys(values: Float32Array, scratch: Scratch): Keyed {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const keys = scratch.int32(values.length);
  const order = scratch.int32(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    const bit = values[i] === 0 ? 0 : bits[i];
    keys[count] = bit < 0 ? bit : ~bit & 0x7fffffff;
    order[count++] = i;
  }
  return { keys: keys.subarray(0, count), order: order.subarray(0, count) };
}

/** One stable pass of the sort: by the digit of the keys that starts at bit `shift`. */
function scatter(from: Keyed, to: Keyed, shift: number): void {
  const mask = (1 << DIGIT_BITS) - 1;
  const starts = new Int32Array(mask + 2);
  for (let i = 0; i < from.keys.length; i++) starts[((from.keys[i] >>> shift) & mask) + 1]++;
  for (let i = 0; i <= mask; i++) starts[i + 1] += starts[i];
  for (let i = 0; i < from.keys.length; i++) {
    const place = starts[(from.keys[i] >>> shift) & mask]++;
    to.keys[place] = from.keys[i];
    to.order[place] = from.order[i];
  }
}
