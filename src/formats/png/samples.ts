import type { PngHeader } from './header.ts';

/** Writes the first `count` samples of a row to `out`, from `at` on. */
export type ReadSamples = (row: Uint8Array, count: number, out: Float32Array, at: number) => void;

/** Reads samples as Pillow does: grey of 2 and 4 bits stretches to 255, indices and grey of 1 bit stay as they are. */
export function sampleReader({ depth, palette }: PngHeader): ReadSamples {
  if (depth === 8) return (row, count, out, at) => out.set(row.subarray(0, count), at);
  if (depth === 16) return readWords;
  const stretch = palette || depth === 1 ? 1 : 255 / ((1 << depth) - 1);
  return (row, count, out, at) => readBits(row, { count, depth, stretch }, out, at);
}

function readWords(row: Uint8Array, count: number, out: Float32Array, at: number): void {
  for (let i = 0; i < count; i++) out[at + i] = (row[2 * i] << 8) | row[2 * i + 1];
}

interface Bits {
  readonly count: number;
  readonly depth: number;
  readonly stretch: number;
}

/** The first sample stands in the most significant bits. */
function readBits(row: Uint8Array, bits: Bits, out: Float32Array, at: number): void {
  const { count, depth, stretch } = bits;
  const mask = (1 << depth) - 1;
  for (let i = 0; i < count; i++) {
    const bit = i * depth;
    out[at + i] = ((row[bit >> 3] >> (8 - depth - (bit & 7))) & mask) * stretch;
  }
}
