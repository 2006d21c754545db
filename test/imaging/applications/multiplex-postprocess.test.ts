import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Image } from '../../../src/imaging/array.ts';
import { multiplexPostprocess } from '../../../src/imaging/applications/multiplex-postprocess.ts';

const SIZE = 30;

/** A hill in the middle, in one of `channels` channels: `[1, 30, 30, channels]`. */
function hill(height: number, channel: number, channels: number): Image {
  const data = Float32Array.from({ length: SIZE * SIZE * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const distance = Math.hypot(Math.floor(pixel / SIZE) - 15, (pixel % SIZE) - 15);
    return i % channels === channel ? height * Math.max(0, 1 - distance / 12) : 0;
  });
  return { shape: [1, SIZE, SIZE, channels], data };
}

test('labels cells over a lower interior than nuclei', () => {
  const [maxima, interior] = [hill(1, 0, 1), hill(1, 1, 3)];
  const { shape, data } = multiplexPostprocess({ heads: [maxima, interior, maxima, interior] });
  assert.deepEqual(shape, [1, SIZE, SIZE, 2]);
  const area = (channel: number): number =>
    data.filter((label, i) => i % 2 === channel && label === 1).length;
  // A cone of radius 12 is above 0.6 within 4.8 pixels of its middle, where 69 pixels lie; the smoothed one is wider.
  assert.equal(area(1), 69);
  assert.ok(area(0) > area(1));
});

test('labels cells alone, and refuses other numbers of outputs', () => {
  const [maxima, interior] = [hill(1, 0, 1), hill(1, 1, 3)];
  assert.deepEqual(multiplexPostprocess({ heads: [maxima, interior] }).shape, [1, SIZE, SIZE, 1]);
  for (const heads of [[], [maxima], [maxima, interior, maxima]]) {
    assert.throws(() => multiplexPostprocess({ heads }), {
      code: 'model_mismatch',
      message: /^output_list was length \d, expecting length 4/,
    });
  }
});
