/**
 * Which sample stands where after an axis of `length` samples is padded by reflection without repeating its edge, as
 * numpy before version 2 does it: pads longer than the axis are made in rounds, each cut from the result of the one
 * before. Returns an index for each of the `before + length + after` places.
 */
export function reflectIndices(length: number, before: number, after: number): Int32Array {
  const padded = new Int32Array(before + length + after);
  if (length <= 1) return padded;
  let start = before;
  let end = before + length;
  for (let i = start; i < end; i++) padded[i] = i - before;
  while (start > 0 || end < padded.length) {
    const longest = end - start - 1;
    const head = Math.min(longest, start);
    const tail = Math.min(longest, padded.length - end);
    // Both are cut from the samples placed so far: neither reads what the other writes.
    for (let k = 1; k <= head; k++) padded[start - k] = padded[start + k];
    for (let k = 0; k < tail; k++) padded[end + k] = padded[end - 2 - k];
    start -= head;
    end += tail;
  }
  return padded;
}
