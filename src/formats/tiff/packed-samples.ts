import type { Scratch } from '../../imaging/scratch.ts';

interface PackedRows {
  readonly rows: number;
  /** Samples in a row. */
  readonly perRow: number;
}

/**
 * Samples of 1 to 31 bits that stand one after the other, most significant bit first, each row from
 * a whole byte on (TIFF 6.0, section 3). Samples of 24 bits are read so in files of either byte
 * order, as tifffile does. Only whole rows are read, and the samples of the last one that are there.
 */
export function unpackSamples(
  bytes: Uint8Array,
  bits: number,
  { rows, perRow }: PackedRows,
  scratch: Scratch,
): Uint32Array {
  const rowBytes = Math.ceil((perRow * bits) / 8);
  const whole = Math.min(rows, Math.floor(bytes.length / rowBytes));
  const rest = whole < rows ? Math.floor(((bytes.length - whole * rowBytes) * 8) / bits) : 0;
  const length = whole * perRow + rest;
  const { buffer, byteOffset } = scratch.int32(length);
  const out = new Uint32Array(buffer, byteOffset, length);
  for (let row = 0; row * perRow < length; row++) {
    const end = Math.min(length, (row + 1) * perRow);
    const at = row * rowBytes;
    if (bits <= 16) unpackNarrow(bytes, at, bits, out.subarray(row * perRow, end));
    else unpackWide(bytes, at, bits, out.subarray(row * perRow, end));
  }
  return out;
}

/** What is held never has more than 24 bits. */
function unpackNarrow(bytes: Uint8Array, start: number, bits: number, out: Uint32Array): void {
  const mask = 2 ** bits - 1;
  let from = start;
  let word = 0;
  let held = 0;
  for (let at = 0; at < out.length; at++) {
    while (held < bits) {
      word = ((word & 0xffff) << 8) | bytes[from++];
      held += 8;
    }
    held -= bits;
    out[at] = (word >>> held) & mask;
  }
}

/** Sums in double precision, which holds 53 bits. */
function unpackWide(bytes: Uint8Array, start: number, bits: number, out: Uint32Array): void {
  let from = start;
  let word = 0;
  let held = 0;
  for (let at = 0; at < out.length; at++) {
    while (held < bits) {
      word = word * 256 + bytes[from++];
      held += 8;
    }
    held -= bits;
    const value = Math.floor(word / 2 ** held);
    out[at] = value;
    word -= value * 2 ** held;
  }
}
