import type { Scratch } from '../../imaging/scratch.ts';

/** Expands PackBits (TIFF 6.0, section 9) to at most `size` bytes, fewer if the data ends before. */
export function expandPackBits(packed: Uint8Array, size: number, scratch: Scratch): Uint8Array {
  const out = scratch.bytes(size);
  let from = 0;
  let to = 0;
  while (from < packed.length && to < size) {
    const head = packed[from++];
    if (head < 128) {
      const count = Math.min(head + 1, size - to, packed.length - from);
      if (count < 16) for (let i = 0; i < count; i++) out[to + i] = packed[from + i];
      else out.set(packed.subarray(from, from + count), to);
      from += head + 1;
      to += count;
    } else if (head > 128) {
      if (from >= packed.length) break;
      const count = Math.min(257 - head, size - to);
      out.fill(packed[from++], to, to + count);
      to += count;
    }
  }
  return out.subarray(0, to);
}
