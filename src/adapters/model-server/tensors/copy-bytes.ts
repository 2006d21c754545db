/**
 * Copies `source` into the memory of `target`, `at` bytes from its beginning. Not by `TypedArray.set`: where either is
 * shared memory it copies byte by byte unless both begin at the same place of an eight-byte word, eight times slower.
 * `Buffer.fill` copies by memcpy.
 */
export function copyBytes(source: Uint8Array, target: ArrayBufferView, at = 0): void {
  if (at + source.length > target.byteLength)
    throw new RangeError('more bytes than there is room for');
  if (source.length === 0) return;
  Buffer.from(target.buffer, target.byteOffset + at, source.length).fill(source);
}
