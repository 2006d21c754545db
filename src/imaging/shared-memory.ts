/*
 * Memory that threads share. The engine does not count shared memory when it decides whether to collect garbage: a few
 * hundred images can be dead and still not freed. So each thread ties an ordinary buffer of the same size to each shared
 * one it sees. It is never touched, so it takes no physical memory, but it is counted, and it dies together with the
 * shared one.
 */
const weights = new WeakMap<SharedArrayBuffer, ArrayBuffer>();

/** Zero-filled shared memory that the garbage collector of this thread takes into account. */
export function allocateShared(bytes: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes);
  weights.set(memory, new ArrayBuffer(bytes));
  return memory;
}

/**
 * Makes the garbage collector of this thread take into account the shared memory that another thread sent. Looks into
 * arrays, maps and plain objects.
 */
export function countShared(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if (ArrayBuffer.isView(value)) {
    countBuffer(value.buffer);
    return;
  }
  const parts: Iterable<unknown> = value instanceof Map ? value.values() : Object.values(value);
  for (const part of parts) {
    // The elements of an array of numbers or strings need no look.
    if (Array.isArray(value) && typeof part !== 'object') return;
    countShared(part);
  }
}

function countBuffer(buffer: ArrayBufferLike): void {
  if (!(buffer instanceof SharedArrayBuffer) || weights.has(buffer)) return;
  weights.set(buffer, new ArrayBuffer(buffer.byteLength));
}
