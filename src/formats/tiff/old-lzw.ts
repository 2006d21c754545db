import type { Scratch } from '../../imaging/scratch.ts';

const CLEAR = 256;
const END = 257;
const CODES = 4096;

/**
 * Whether a strip holds the LZW of before TIFF 5, as libtiff tells it: what follows begins with the code to
 * clear in either.
 */
export function isOldLzw(packed: Uint8Array): boolean {
  return packed.length > 1 && packed[0] === 0 && (packed[1] & 1) === 1;
}

/**
 * Expands LZW as writers before TIFF 5 packed it: least significant bit first, and codes that are widened
 * when they are used up, not one before. Gives at most `size` bytes, fewer if the data end before. Throws if
 * a code is none.
 */
export function expandOldLzw(packed: Uint8Array, size: number, scratch: Scratch): Uint8Array {
  const out = scratch.bytes(size);
  // A string is kept as the place where it was last written, and its length.
  const places = scratch.int32(CODES);
  const lengths = scratch.int32(CODES);
  const codes = new CodeReader(packed);
  let [width, next] = [9, END + 1];
  let to = 0;
  let before = -1;
  while (to < size) {
    const code = codes.next(width);
    if (code === END) break;
    if (code === CLEAR) {
      [width, next, before] = [9, END + 1, -1];
      continue;
    }
    if (code > next || (code === next && before < 0)) throw new RangeError('No such LZW code.');
    const start = to;
    if (code < CLEAR) out[to++] = code;
    else {
      const [source, length] =
        code < next ? [places[code], lengths[code]] : [before, start - before + 1];
      const end = Math.min(size, to + length);
      for (let at = source; to < end; at++) out[to++] = out[at];
    }
    if (before >= 0 && next < CODES) {
      places[next] = before;
      lengths[next] = start - before + 1;
      next++;
      if (next === 1 << width && width < 12) width++;
    }
    before = start;
  }
  return out.subarray(0, to);
}

class CodeReader {
  readonly #packed: Uint8Array;
  #from = 0;
  #bits = 0;
  #held = 0;

  constructor(packed: Uint8Array) {
    this.#packed = packed;
  }

  /** The code of the next bits; that of the end, if there are too few. */
  next(width: number): number {
    while (this.#held < width && this.#from < this.#packed.length) {
      this.#bits |= this.#packed[this.#from++] << this.#held;
      this.#held += 8;
    }
    if (this.#held < width) return END;
    const code = this.#bits & ((1 << width) - 1);
    this.#bits >>>= width;
    this.#held -= width;
    return code;
  }
}
