import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyChannels } from '../../../../src/adapters/model-server/tensors/copy-channels.ts';

const pixels = Float32Array.of(1, -0, NaN, 4, 5e-45, 6);

test('takes channels of elements that begin anywhere, bit by bit', () => {
  for (const offset of [0, 1, 2, 3]) {
    const message = new Uint8Array(offset + pixels.byteLength);
    message.set(new Uint8Array(pixels.buffer), offset);
    const target = new Float32Array(new SharedArrayBuffer(20)).fill(9);
    copyChannels(message.subarray(offset), { depth: 3, channels: [1, 2] }, target, 1);
    assert.deepEqual([...target], [9, -0, NaN, Math.fround(5e-45), 6]);
  }
});

test('writes nothing where there is too little room', () => {
  const target = new Float32Array(3);
  const pick = { depth: 3, channels: [0, 1] };
  assert.throws(() => copyChannels(new Uint8Array(pixels.buffer), pick, target), RangeError);
  assert.deepEqual([...target], [0, 0, 0]);
});
