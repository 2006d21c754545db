import { isUtf8 } from 'node:buffer';

const FIRST_LONE = 0xdc80;
const LAST_LONE = 0xdcff;

/**
 * Text of a key. Each byte that is not UTF-8 becomes a lone surrogate, U+DC00 plus the byte, as Python's
 * `surrogateescape` has it.
 */
export function decodeKey(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceAt(bytes, at);
    text +=
      length === 0
        ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
        : bytes.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return text;
}

/** The bytes of a key, or of any other text: the way back. */
export function encodeKey(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  const pieces = Array.from(text, (character) => {
    const code = character.charCodeAt(0);
    const isByte = character.length === 1 && code >= FIRST_LONE && code <= LAST_LONE;
    return isByte ? Buffer.from([code - 0xdc00]) : Buffer.from(character, 'utf8');
  });
  return Buffer.concat(pieces);
}

/** Bytes of the character that begins here; 0 if none does. */
function sequenceAt(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  const isWhole = at + length <= bytes.length;
  return isWhole && isUtf8(bytes.subarray(at, at + length)) ? length : 0;
}
