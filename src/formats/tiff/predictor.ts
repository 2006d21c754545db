import type { Scratch } from '../../imaging/scratch.ts';

interface PredictedRows {
  readonly rows: number;
  /** Samples in a row. */
  readonly perRow: number;
  /** Samples of a pixel that stand beside each other. */
  readonly stride: number;
}

type Words = Uint8Array | Uint16Array | Uint32Array;

/**
 * TIFF 6.0, section 14: each sample is stored as its difference from the one a pixel before, modulo
 * its number of values. In place; `mask` keeps the bits of samples that are narrower than the words.
 */
export function undoDifferences(
  words: Words | BigUint64Array,
  { rows, perRow, stride }: PredictedRows,
  mask?: number,
): void {
  for (let row = 0; row < rows; row++) {
    const start = row * perRow;
    const end = Math.min(start + perRow, words.length);
    if (words instanceof BigUint64Array) {
      for (let at = start + stride; at < end; at++) words[at] += words[at - stride];
    } else if (mask === undefined) addUp(words, start, end, stride);
    else
      for (let at = start + stride; at < end; at++)
        words[at] = (words[at] + words[at - stride]) & mask;
  }
}

function addUp(words: Words, start: number, end: number, stride: number): void {
  if (stride > 1) {
    for (let at = start + stride; at < end; at++) words[at] += words[at - stride];
    return;
  }
  let sum = 0;
  for (let at = start; at < end; at++) {
    sum = (sum + words[at]) | 0;
    words[at] = sum;
  }
}

/**
 * Adobe Photoshop TIFF Technical Note 3: the bytes of a row are sorted by significance, the most
 * significant first whatever the byte order of the file, and stored as differences. Gives the bytes
 * of whole rows, little-endian, in scratch memory.
 */
export function undoFloatingPredictor(
  bytes: Uint8Array,
  bits: number,
  { perRow, stride }: PredictedRows,
  scratch: Scratch,
): Uint8Array {
  const size = bits / 8;
  const rowBytes = perRow * size;
  const out = scratch.bytes(Math.floor(bytes.length / rowBytes) * rowBytes);
  const row = scratch.bytes(rowBytes);
  for (let start = 0; start < out.length; start += rowBytes) {
    row.set(bytes.subarray(start, start + rowBytes));
    for (let at = stride; at < rowBytes; at++) row[at] = row[at] + row[at - stride];
    for (let byte = 0; byte < size; byte++) {
      const place = start + (size - 1 - byte);
      const from = byte * perRow;
      for (let at = 0; at < perRow; at++) out[place + at * size] = row[from + at];
    }
  }
  return out;
}
