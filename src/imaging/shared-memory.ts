/*
 * Memory that threads share. The engine does not count shared memory when it decides whether to collect garbage: a few
 * hundred images can be dead and still not freed. So each thread ties a weight to each shared buffer it sees: address
 * space that is never touched and so takes no physical memory, but is counted, and dies together with the buffer.
 */
const weights = new WeakMap<SharedArrayBuffer, ArrayBuffer>();

/**
 * How many times lighter a weight is than its buffer. Weights cause collections, which take time: with 4, some 0.2 ms
 * for each 4 MiB that are passed, and up to 400 MiB of garbage (`npm run bench -- pool`); with 1, four times that and half.
 */
const LIGHTNESS = 4;

/** Zero-filled shared memory that the garbage collector of this thread takes into account. */
export function allocateShared(bytes: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes);
  weigh(memory);
  return memory;
}

/**
 * Makes the garbage collector of this thread take into account the shared memory that another thread sent. Looks into
 * arrays, maps and plain objects.
 */
export function countShared(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof SharedArrayBuffer && !weights.has(value.buffer))
      weigh(value.buffer);
    return;
  }
  const parts: Iterable<unknown> = value instanceof Map ? value.values() : Object.values(value);
  for (const part of parts) {
    // The elements of an array of numbers or strings need no look.
    if (Array.isArray(value) && typeof part !== 'object') return;
    countShared(part);
  }
}

/** Only a resizable buffer is sure to be fresh address space; others may be cut from used memory and cleared. */
function weigh(memory: SharedArrayBuffer): void {
  const bytes = Math.ceil(memory.byteLength / LIGHTNESS);
  weights.set(memory, new ArrayBuffer(bytes, { maxByteLength: bytes }));
}
