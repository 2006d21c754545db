/**
 * Copies `source` to the beginning of `target`. Not by `TypedArray.set`: where either is shared memory it copies byte by
 * byte unless both begin at the same place of an eight-byte word, eight times slower. `Buffer.fill` copies by memcpy.
 */
export function copyBytes(source: Uint8Array, target: Uint8Array): void {
  if (source.length > target.length) throw new RangeError('more bytes than there is room for');
  if (source.length === 0) return;
  Buffer.from(target.buffer, target.byteOffset, source.length).fill(source);
}
