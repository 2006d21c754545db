import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesHeld } from '../../../src/flow/running/held-bytes.ts';

test('arrays of numbers are found wherever they are', () => {
  const value = {
    image: { shape: [2, 2], data: new Float32Array(4) },
    heads: [{ data: new Uint8Array(3) }, { data: new Uint8Array(5) }],
    named: new Map([['a', new Float64Array(1)]]),
    archive: Object.assign(() => 0, { entries: [{ bytes: new Uint8Array(7) }] }),
  };
  assert.equal(bytesHeld(value), 16 + 3 + 5 + 8 + 7);
});

test('memory counts once and whole, however many views there are on it', () => {
  const data = new Float32Array(100);
  assert.equal(bytesHeld({ all: data, part: data.subarray(10, 20), same: [data] }), 400);
});

test('shared memory counts too', () => {
  assert.equal(bytesHeld([new Int32Array(new SharedArrayBuffer(12))]), 12);
});

test('nothing else counts, and a circle is no trap', () => {
  const circle: { self?: object; text: string } = { text: 'abc' };
  circle.self = circle;
  assert.equal(bytesHeld([circle, null, undefined, 1, 'a', [1, 2, 3]]), 0);
});
