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
  const reader = new CodeReader(packed);
  const out = new Uint8Array(size);
  const starts = new Int32Array(CODES);
  const lengths = new Int32Array(CODES);
  let next = END + 1;
  let to = 0;
  let previous = { start: -1, length: 0 };
  while (to < size) {
    const code = reader.read();
    if (code === END) break;
    if (code === CLEAR) {
      next = END + 1;
      reader.width = 9;
      previous = { start: -1, length: 0 };
      continue;
    }
    const start = to;
    if (code < CLEAR) {
      out[to++] = code;
    } else {
      const known = code < next;
      if (!known && (code > next || previous.start < 0))
        throw new RangeError(`unknown LZW code ${code}`);
      const source = known ? starts[code] : previous.start;
      const end = Math.min(size, to + (known ? lengths[code] : previous.length + 1));
      for (let from = source; to < end; from++) out[to++] = out[from];
    }
    if (previous.start >= 0 && next < CODES) {
      starts[next] = previous.start;
      lengths[next] = previous.length + 1;
      next++;
    }
    if (next >= (1 << reader.width) - 1 && reader.width < 12) reader.width++;
    previous = { start, length: to - start };
  }
  return out.subarray(0, to);
}

/** Reads codes of a changing width; the end of the data counts as the code for the end. */
class CodeReader {
  width = 9;
  readonly #packed: Uint8Array;
  #from = 0;
  #bits = 0;
  #held = 0;

  constructor(packed: Uint8Array) {
    this.#packed = packed;
  }

  read(): number {
    while (this.#held < this.width) {
      if (this.#from >= this.#packed.length) return END;
      this.#bits = ((this.#bits << 8) | this.#packed[this.#from++]) & 0xffffff;
      this.#held += 8;
    }
    this.#held -= this.width;
    return (this.#bits >> this.#held) & ((1 << this.width) - 1);
  }
}
