/** Leaves out parts of an input, large ones first, as long as what is left still does what it did. */
export async function shrink(
  bytes: Uint8Array,
  stillDoes: (bytes: Uint8Array) => Promise<boolean>,
  tries = 300,
): Promise<Uint8Array> {
  let smallest = bytes;
  let left = tries;
  for (let size = bytes.length >> 1; size >= 1 && left > 0; size >>= 1) {
    for (let at = 0; at < smallest.length && left > 0; left--) {
      const shorter = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      if (shorter.length < smallest.length && (await stillDoes(shorter))) smallest = shorter;
      else at += size;
    }
  }
  return smallest;
}
