import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expandOldLzw, isOldLzw } from '../../../src/formats/tiff/old-lzw.ts';
import { withScratch } from '../../../src/imaging/scratch.ts';

/** Codes of 9 bits, least significant bit first. */
function packed(...codes: readonly number[]): Uint8Array {
  const number = codes.reduceRight((all, code) => (all << 9n) | BigInt(code), 0n);
  const bytes = Math.ceil((codes.length * 9) / 8);
  return Uint8Array.from({ length: bytes }, (_, at) => Number((number >> BigInt(8 * at)) & 255n));
}

function expand(size: number, ...codes: readonly number[]): number[] {
  return withScratch((scratch) => [...expandOldLzw(packed(...codes), size, scratch)]);
}

test('it is known by its first code, whose bits stand the other way round', () => {
  assert.equal(isOldLzw(packed(256, 7)), true);
  assert.equal(isOldLzw(Uint8Array.of(0x80, 0x01)), false);
});

test('strings are those before with one more byte, the last one of itself too', () => {
  assert.deepEqual(expand(10, 256, 7, 8, 258, 260, 257), [7, 8, 7, 8, 7, 8, 7]);
});

test('no more is expanded than there is room for, and no less than the data hold', () => {
  assert.deepEqual(expand(3, 256, 7, 8, 258, 260, 257), [7, 8, 7]);
  assert.deepEqual(expand(9, 256, 7, 8), [7, 8]);
});

test('a code that is none is refused', () => {
  assert.throws(() => expand(9, 256, 7, 300), RangeError);
  assert.throws(() => expand(9, 256, 258), RangeError);
});
