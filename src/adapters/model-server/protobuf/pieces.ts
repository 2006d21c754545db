/* Messages with large payloads: the bytes are collected as pieces and copied once, into what is sent. */

import { copyBytes } from '../copy-bytes.ts';

const DELIMITED = 2;

/** A field that holds these bytes, one after the other: a string, bytes, a message or packed numbers. */
export function delimited(field: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  const length = totalLength(pieces);
  return [Uint8Array.from([...varint((field << 3) | DELIMITED), ...varint(length)]), ...pieces];
}

/**
 * What gRPC does with a message before it sends it: it asks for its length and has it copy itself into the frame. A Buffer can do
 * that, and so can pieces that lie apart, which are copied once then, not twice.
 */
export interface Payload {
  readonly length: number;
  /** Writes itself into `target` from place `at` on. */
  copy(target: Buffer, at: number): unknown;
}

/** The pieces, one after the other, as one message. They must not change until it is sent. */
export function payloadOf(pieces: readonly Uint8Array[]): Payload {
  return { length: totalLength(pieces), copy: (target, at) => copyPieces(pieces, target, at) };
}

/** Copies all pieces into one message. */
export function join(pieces: readonly Uint8Array[]): Buffer {
  const message = Buffer.allocUnsafeSlow(totalLength(pieces));
  copyPieces(pieces, message, 0);
  return message;
}

function copyPieces(pieces: readonly Uint8Array[], target: Buffer, start: number): void {
  let at = start;
  for (const piece of pieces) {
    copyBytes(piece, target.subarray(at));
    at += piece.length;
  }
}

function totalLength(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((length, piece) => length + piece.length, 0);
}

function varint(value: number): number[] {
  const digits: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) digits.push((value & 127) | 128);
  return [...digits, value];
}
