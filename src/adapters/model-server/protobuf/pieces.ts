/* Messages with large payloads: the bytes are collected as pieces and copied once, into the finished message. */

import { copyBytes } from '../copy-bytes.ts';

const DELIMITED = 2;

/** A field that holds these bytes, one after the other: a string, bytes, a message or packed numbers. */
export function delimited(field: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  const length = totalLength(pieces);
  return [Uint8Array.from([...varint((field << 3) | DELIMITED), ...varint(length)]), ...pieces];
}

/**
 * Copies all pieces into one message.
 *
 * @param memory gives a block of at least the bytes asked for; the message is a view on its beginning
 */
export function join(
  pieces: readonly Uint8Array[],
  memory: (length: number) => Buffer = freshMemory,
): Buffer {
  const length = totalLength(pieces);
  const message = memory(length).subarray(0, length);
  let at = 0;
  for (const piece of pieces) {
    copyBytes(piece, message.subarray(at));
    at += piece.length;
  }
  return message;
}

function freshMemory(length: number): Buffer {
  return Buffer.allocUnsafeSlow(length);
}

function totalLength(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((length, piece) => length + piece.length, 0);
}

function varint(value: number): number[] {
  const digits: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) digits.push((value & 127) | 128);
  return [...digits, value];
}
