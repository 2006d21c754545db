/*
 * Expanding of LZW, in AssemblyScript; `npm run build:wasm` compiles it. See
 * src/formats/tiff/lzw.ts for the format and for who fills the memory.
 */

const CLEAR: u32 = 256;
const END: u32 = 257;
const CODES: u32 = 4096;
/** The strings of the codes, each 8 bytes: where it was last written, and its length. */
const TABLE: usize = 1024;

/**
 * Expands the codes between two addresses to at most `size` bytes. Up to 16 bytes beyond the output
 * are overwritten, and up to 8 beyond the input are read. Gives the number of bytes, or -1 if a code
 * is none.
 */
export function expand(input: usize, inputEnd: usize, output: usize, size: i32): i32 {
  const outputEnd = output + <usize>size;
  let from = input;
  let bits: u64 = 0;
  let held: u32 = 0;
  let width: u32 = 9;
  let next = END + 1;
  let to = output;
  let before: usize = 0;
  while (to < outputEnd) {
    if (held < width) {
      if (from + 4 <= inputEnd) {
        bits = (bits << 32) | (<u64>bswap<u32>(load<u32>(from)));
        held += 32;
        from += 4;
      } else {
        while (held < width && from < inputEnd) {
          bits = (bits << 8) | (<u64>load<u8>(from++));
          held += 8;
        }
        if (held < width) break;
      }
    }
    held -= width;
    const code = (<u32>(bits >> (<u64>held))) & ((1 << width) - 1);
    const start = to;
    if (code < CLEAR) {
      store<u8>(to++, <u8>code);
    } else if (code == END) {
      break;
    } else if (code == CLEAR) {
      next = END + 1;
      width = 9;
      before = 0;
      continue;
    } else {
      let source = before;
      let length = to - before + 1;
      if (code < next) {
        const entry = load<u64>(TABLE + ((<usize>code) << 3));
        source = <usize>(<u32>entry);
        length = <usize>(entry >> 32);
      } else if (code > next || before == 0) {
        return -1;
      }
      if (length > outputEnd - to) length = outputEnd - to;
      copy(to, source, length);
      to += length;
    }
    if (before != 0 && next < CODES) {
      store<u64>(TABLE + ((<usize>next) << 3), ((<u64>(start - before + 1)) << 32) | (<u64>before));
      next++;
      if (next == <u32>((1 << width) - 1) && width < 12) width++;
    }
    before = start;
  }
  return <i32>(to - output);
}

/** Copies a string, which may end within what is written. */
function copy(to: usize, source: usize, length: usize): void {
  if (to - source >= 8) {
    store<u64>(to, load<u64>(source));
    for (let at: usize = 8; at < length; at += 8) store<u64>(to + at, load<u64>(source + at));
  } else {
    for (let at: usize = 0; at < length; at++) store<u8>(to + at, load<u8>(source + at));
  }
}
