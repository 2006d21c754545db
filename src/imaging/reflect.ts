/**
 * Which sample stands where after an axis of length n is padded by reflection without repeating its edge, as numpy before version 2
 * does it: pads longer than the axis are made in rounds, each cut from the result of the one before.
 * Returns an index for each of the `before + n + after` places.
 */
export function reflectIndices(n: number, before: number, after: number): Int32Array {
  if (n === 1) return new Int32Array(before + 1 + after);
  let list = Array.from({ length: n }, (_, index) => index);
  let left = before;
  let right = after;
  while (left > 0 || right > 0) {
    const longest = list.length - 1;
    const head = Math.min(longest, left);
    const tail = Math.min(longest, right);
    const reversedHead = list.slice(1, head + 1).reverse();
    const reversedTail = list.slice(list.length - 1 - tail, list.length - 1).reverse();
    list = [...reversedHead, ...list, ...reversedTail];
    left -= head;
    right -= tail;
  }
  return Int32Array.from(list);
}
