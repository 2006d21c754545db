import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileWasm, WASM_MODULES } from '../../../scripts/compile-wasm.ts';
import { expandLzw } from '../../../src/formats/tiff/lzw.ts';

/** Codes as TIFF 6.0 packs them, each with its width. */
function codes(...list: readonly (readonly [code: number, width: number])[]): Uint8Array {
  const bits = list.map(([code, width]) => code.toString(2).padStart(width, '0')).join('');
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
}

test('the compiled module is that of the source', async () => {
  assert.equal(readFileSync(WASM_MODULES.lzw.module, 'utf8'), await compileWasm(WASM_MODULES.lzw));
});

test('the example of TIFF 6.0, section 13, expands to its characters', () => {
  const packed = codes(
    [256, 9],
    [7, 9],
    [258, 9],
    [8, 9],
    [8, 9],
    [258, 9],
    [6, 9],
    [6, 9],
    [257, 9],
  );
  assert.deepEqual([...expandLzw(packed, 100)], [7, 7, 7, 8, 8, 7, 7, 6, 6]);
});

test('no more than asked for is expanded, and what ends early is as long as it is', () => {
  const packed = codes([256, 9], [7, 9], [258, 9], [259, 9], [260, 9]);
  assert.deepEqual([...expandLzw(packed, 4)], [7, 7, 7, 7]);
  assert.equal(expandLzw(packed, 100).length, 1 + 2 + 3 + 4);
  assert.equal(expandLzw(new Uint8Array(0), 100).length, 0);
});

test('a code that means nothing yet is refused', () => {
  assert.throws(() => expandLzw(codes([256, 9], [7, 9], [300, 9]), 100), /LZW code/);
  assert.throws(() => expandLzw(codes([256, 9], [258, 9]), 100), /LZW code/);
});

test('segments may be large, and small again', () => {
  const packed = codes([256, 9], [7, 9], [7, 9], [257, 9]);
  for (const size of [10, 80_000_000, 10]) assert.deepEqual([...expandLzw(packed, size)], [7, 7]);
});
