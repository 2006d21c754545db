/* Messages with large payloads: the bytes are collected as pieces and copied once, into what is sent. */

import { copyBytes } from '../../../imaging/shared-memory.ts';

const DELIMITED = 2;

/** A field that holds these bytes, one after the other: a string, bytes, a message or packed numbers. */
export function delimited(field: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  const head: number[] = [];
  pushVarint(head, (field << 3) | DELIMITED);
  pushVarint(head, totalLength(pieces));
  return [Buffer.from(head), ...pieces];
}

/**
 * What gRPC does with a message before it sends it: it asks for its length and has it copy itself into the
 * frame. A Buffer can do that, and so can pieces that lie apart, which are copied once then, not twice.
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
    copyBytes(piece, target, at);
    at += piece.length;
  }
}

function totalLength(pieces: readonly Uint8Array[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128);
  bytes.push(rest);
}
