import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyBytes } from '../../../../src/adapters/model-server/tensors/copy-bytes.ts';

for (const shift of [0, 1, 5, 8]) {
  test(`into shared memory and out of it, ${shift} bytes from where words begin`, () => {
    const source = Uint8Array.from({ length: 40 }, (_, at) => at + 1);
    const shared = new Uint8Array(new SharedArrayBuffer(64)).fill(99);
    copyBytes(source, shared.subarray(shift));
    const expected = [
      ...Array<number>(shift).fill(99),
      ...source,
      ...Array<number>(24 - shift).fill(99),
    ];
    assert.deepEqual([...shared], expected);
    const back = new Uint8Array(40);
    copyBytes(shared.subarray(shift, shift + 40), back);
    assert.deepEqual(back, source);
  });
}

test('nothing, and more than there is room for', () => {
  const target = Uint8Array.of(1, 2);
  copyBytes(new Uint8Array(0), target);
  assert.deepEqual([...target], [1, 2]);
  assert.throws(() => copyBytes(new Uint8Array(3), target), RangeError);
});
