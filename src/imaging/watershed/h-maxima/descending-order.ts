import { orderedKey, valueOf } from '../../ordered-bits.ts';
import type { Scratch } from '../../scratch.ts';

const DIGIT_BITS = 11;
const DIGITS = 3;

/** Pixels, highest value first, and their values. */
export interface DescendingOrder {
  readonly pixels: Int32Array;
  readonly values: Float32Array;
}

/**
 * The pixels whose values are numbers, highest value first, equal values in the order of the pixels: a
 * radix sort of their bits. The results are scratch arrays.
 */
export function descendingOrder(plane: Float32Array, scratch: Scratch): DescendingOrder {
  let from = sortKeys(plane, scratch);
  const count = from.pixels.length;
  let to = { keys: scratch.int32(count), pixels: scratch.int32(count) };
  for (let digit = 0; digit < DIGITS; digit++) {
    scatter(from, to, digit * DIGIT_BITS);
    [from, to] = [to, from];
  }
  const values = new Float32Array(to.keys.buffer, to.keys.byteOffset, count);
  for (let i = 0; i < count; i++) values[i] = valueOf(orderOf(from.keys[i]));
  return { pixels: from.pixels, values };
}

interface Keyed {
  readonly keys: Int32Array;
  readonly pixels: Int32Array;
}

/** Turns ordered keys into ones that ascend, as unsigned integers, while values descend, and back. */
function orderOf(key: number): number {
  return key ^ 0x7fffffff;
}

function sortKeys(plane: Float32Array, scratch: Scratch): Keyed {
  const bits = new Int32Array(plane.buffer, plane.byteOffset, plane.length);
  const keys = scratch.int32(plane.length);
  const pixels = scratch.int32(plane.length);
  let count = 0;
  for (let i = 0; i < plane.length; i++) {
    if (plane[i] !== plane[i]) continue;
    keys[count] = orderOf(orderedKey(bits[i]));
    pixels[count++] = i;
  }
  return { keys: keys.subarray(0, count), pixels: pixels.subarray(0, count) };
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
    to.pixels[place] = from.pixels[i];
  }
}
