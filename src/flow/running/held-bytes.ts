/**
 * Bytes of memory that a value keeps alive through its arrays of numbers. Each block of memory counts once,
 * whole, however many views there are on it. Looks into arrays, maps, plain objects and the properties of
 * functions.
 */
export function bytesHeld(value: unknown): number {
  const blocks = new Set<ArrayBufferLike>();
  collectBlocks(value, blocks, new Set());
  let bytes = 0;
  for (const { byteLength } of blocks) bytes += byteLength;
  return bytes;
}

function collectBlocks(value: unknown, blocks: Set<ArrayBufferLike>, seen: Set<object>): void {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  if (!isObject || seen.has(value)) return;
  seen.add(value);
  if (ArrayBuffer.isView(value)) {
    blocks.add(value.buffer);
    return;
  }
  const parts: Iterable<unknown> = value instanceof Map ? value.values() : Object.values(value);
  for (const part of parts) {
    // The elements of an array of numbers or strings need no look.
    if (Array.isArray(value) && (typeof part !== 'object' || part === null)) return;
    collectBlocks(part, blocks, seen);
  }
}
