import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelRanges } from '../../src/imaging/channel-ranges.ts';

test('each channel has its range over all images, and how many of them are constant', () => {
  const data = Float32Array.from([1, 7, 2, 7, -3, 7, 5, 9]);
  assert.deepEqual(channelRanges({ image: { shape: [2, 1, 2, 2], data } }), [
    { min: -3, max: 5, constant: 0 },
    { min: 7, max: 9, constant: 1 },
  ]);
});
