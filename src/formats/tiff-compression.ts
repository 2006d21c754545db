import { inflateSync, zstdDecompressSync } from 'node:zlib';

/** Expands one strip or tile to at most `size` bytes. Throws when the data is damaged. */
export type Expand = (packed: Uint8Array, size: number) => Uint8Array;

/** The compressions that are read, by the value of the tag, with their names. */
export const COMPRESSIONS: ReadonlyMap<number, Expand> = new Map<number, Expand>([
  [1, (packed) => packed],
  [5, expandLzw],
  [8, (packed, size) => inflateSync(unshared(packed), { maxOutputLength: size })],
  [32946, (packed, size) => inflateSync(unshared(packed), { maxOutputLength: size })],
  [32773, expandPackBits],
  [50000, (packed, size) => zstdDecompressSync(unshared(packed), { maxOutputLength: size })],
]);

/** zlib takes no shared memory. */
function unshared(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof SharedArrayBuffer ? new Uint8Array(bytes) : bytes;
}

/** TIFF 6.0, section 9. */
function expandPackBits(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let from = 0;
  let to = 0;
  while (from < packed.length && to < size) {
    const head = packed[from++];
    if (head < 128) {
      const count = Math.min(head + 1, size - to);
      out.set(packed.subarray(from, from + count), to);
      from += head + 1;
      to += count;
    } else if (head > 128) {
      const count = Math.min(257 - head, size - to);
      out.fill(packed[from++] ?? 0, to, to + count);
      to += count;
    }
  }
  return out.subarray(0, to);
}

const CLEAR = 256;
const END = 257;
const CODES = 4096;

/**
 * TIFF 6.0, section 13: codes of 9 to 12 bits, most significant bit first, widened one code early. A string is kept as
 * the place where it was last written and its length, so expanding copies within the output.
 */
function expandLzw(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  const starts = new Int32Array(CODES);
  const lengths = new Int32Array(CODES);
  let next = END + 1;
  let width = 9;
  let bits = 0;
  let held = 0;
  let from = 0;
  let to = 0;
  let previousStart = -1;
  let previousLength = 0;
  for (;;) {
    while (held < width) {
      if (from >= packed.length) return out.subarray(0, to);
      bits = ((bits << 8) | packed[from++]) & 0xffffff;
      held += 8;
    }
    held -= width;
    const code = (bits >> held) & ((1 << width) - 1);
    if (code === END || to >= size) return out.subarray(0, to);
    if (code === CLEAR) {
      next = END + 1;
      width = 9;
      previousStart = -1;
      continue;
    }
    const start = to;
    if (code < CLEAR) {
      out[to++] = code;
    } else if (code < next) {
      const source = starts[code];
      const end = Math.min(size, to + lengths[code]);
      for (let i = source; to < end; i++) out[to++] = out[i];
    } else if (code === next && previousStart >= 0) {
      const end = Math.min(size, to + previousLength + 1);
      for (let i = previousStart; to < end; i++) out[to++] = out[i];
    } else {
      throw new RangeError(`unknown LZW code ${code}`);
    }
    if (previousStart >= 0 && next < CODES) {
      starts[next] = previousStart;
      lengths[next] = previousLength + 1;
      next++;
    }
    if (next >= (1 << width) - 1 && width < 12) width++;
    previousStart = start;
    previousLength = to - start;
  }
}
