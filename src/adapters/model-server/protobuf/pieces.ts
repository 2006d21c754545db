/* Messages with large payloads: the bytes are collected as pieces and copied once, into the finished message. */

const DELIMITED = 2;
/** Bytes that the processor copies at a time. */
const WORD = 8;

/** A field that holds these bytes, one after the other: a string, bytes, a message or packed numbers. */
export function delimited(field: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  const length = totalLength(pieces);
  return [Uint8Array.from([...varint((field << 3) | DELIMITED), ...varint(length)]), ...pieces];
}

/**
 * Copies all pieces into one message. It starts where its largest piece falls on the same place of an eight-byte
 * word as in its source: copies out of shared memory are four times slower across words.
 *
 * @param memory gives a block of at least the bytes asked for; the message is a view on it
 */
export function join(
  pieces: readonly Uint8Array[],
  memory: (length: number) => Buffer = freshMemory,
): Buffer {
  const length = totalLength(pieces);
  const block = memory(length + WORD);
  const start = alignedStart(pieces);
  let at = start;
  for (const piece of pieces) {
    block.set(piece, at);
    at += piece.length;
  }
  return block.subarray(start, start + length);
}

function freshMemory(length: number): Buffer {
  return Buffer.allocUnsafeSlow(length);
}

function alignedStart(pieces: readonly Uint8Array[]): number {
  let largest: Uint8Array | undefined;
  let position = 0;
  let before = 0;
  for (const piece of pieces) {
    if (largest === undefined || piece.length > largest.length) {
      largest = piece;
      position = before;
    }
    before += piece.length;
  }
  const shift = ((largest?.byteOffset ?? 0) - position) % WORD;
  return shift < 0 ? shift + WORD : shift;
}

function totalLength(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((length, piece) => length + piece.length, 0);
}

function varint(value: number): number[] {
  const digits: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) digits.push((value & 127) | 128);
  return [...digits, value];
}
