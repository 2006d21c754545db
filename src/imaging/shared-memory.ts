/*
 * Memory that threads share. The engine does not count shared memory when it decides whether to collect garbage: a few
 * hundred images can be dead and still not freed. So each thread ties a weight to each shared buffer it sees: address
 * space that is never touched and so takes no physical memory, but is counted, and dies together with the buffer.
 */
const weights = new WeakMap<SharedArrayBuffer, ArrayBuffer>();

/**
 * How many times lighter a weight is than its buffer. Weights cause collections, which take time: with 4, some 0.2 ms
 * for each 4 MiB that are passed, and up to 400 MiB of garbage (`npm run bench -- pool`); with 1, four times
 * that and half. With 2 a consumer of 1024² images stays below 512 MiB, at no measurable cost (`npm run bench
 * -- memory`).
 */
const LIGHTNESS = 2;

/** Zero-filled shared memory that the garbage collector of this thread takes into account. */
export function allocateShared(bytes: number): SharedArrayBuffer {
  const memory = new SharedArrayBuffer(bytes);
  weigh(memory);
  return memory;
}

/**
 * Makes the garbage collector of this thread take into account the shared memory that another thread sent. Looks into
 * arrays, maps and plain objects. The bytes that were not counted before.
 */
export function countShared(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (ArrayBuffer.isView(value)) return countBlock(value.buffer);
  const parts: Iterable<unknown> = value instanceof Map ? value.values() : Object.values(value);
  let bytes = 0;
  for (const part of parts) {
    // The elements of an array of numbers or strings need no look.
    if (Array.isArray(value) && typeof part !== 'object') break;
    bytes += countShared(part);
  }
  return bytes;
}

/**
 * Makes the garbage collector count every SharedArrayBuffer that this thread creates from now on. Kernels of
 * authors create them without `allocateShared`.
 */
export function countAllShared(): void {
  const counted: typeof SharedArrayBuffer = new Proxy(SharedArrayBuffer, {
    construct(target, words: ConstructorParameters<typeof SharedArrayBuffer>) {
      const memory = new target(...words);
      weigh(memory);
      return memory;
    },
  });
  globalThis.SharedArrayBuffer = counted;
}

function countBlock(block: ArrayBufferLike): number {
  if (!(block instanceof SharedArrayBuffer) || weights.has(block)) return 0;
  weigh(block);
  return block.byteLength;
}

/** Only a resizable buffer is sure to be fresh address space; others may be cut from used memory and cleared. */
function weigh(memory: SharedArrayBuffer): void {
  if (weights.has(memory)) return;
  const bytes = Math.ceil(memory.byteLength / LIGHTNESS);
  weights.set(memory, new ArrayBuffer(bytes, { maxByteLength: bytes }));
}

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
