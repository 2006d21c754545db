import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Image } from '../../../src/imaging/array.ts';
import { deepWatershed } from '../../../src/imaging/watershed/deep-watershed.ts';
import { seededRandom } from '../../../src/seeded-random.ts';

/** Two hills side by side, `[1, 9, 20, 1]`. */
function hills(): Image {
  const data = Float32Array.from({ length: 180 }, (_, i) => {
    const [row, column] = [Math.floor(i / 20), i % 20];
    const nearest = Math.min(Math.hypot(row - 4, column - 4), Math.hypot(row - 4, column - 14));
    return Math.max(0, 1 - nearest / 5);
  });
  return { shape: [1, 9, 20, 1], data };
}

/** An image with `plane` in one of several channels and noise in the others. */
function amongChannels(plane: Image, channel: number, channels: number): Image {
  const random = seededRandom(1);
  const data = Float32Array.from({ length: plane.data.length * channels }, (_, i) =>
    i % channels === channel ? (plane.data[Math.floor(i / channels)] ?? 0) : random(),
  );
  return { shape: [...plane.shape.slice(0, 3), channels], data };
}

test('takes planes without a channel axis, or one channel of several', () => {
  const plane = hills();
  const expected = deepWatershed({ maxima: plane, interior: plane, radius: 3 });
  assert.deepEqual(expected.shape, [1, 9, 20, 1]);
  assert.equal(Math.max(...expected.data), 2);
  const flat = { shape: [1, 9, 20], data: plane.data };
  assert.deepEqual(deepWatershed({ maxima: flat, interior: flat, radius: 3 }), expected);
  const selected = deepWatershed({
    maxima: amongChannels(plane, 2, 3),
    maximaChannel: 2,
    interior: amongChannels(plane, 1, 2),
    interiorChannel: 1,
    radius: 3,
  });
  assert.deepEqual(selected, expected);
});

test('gives its result in shared memory and leaves its input alone', () => {
  const [maxima, interior] = [hills(), hills()];
  const { data } = deepWatershed({ maxima, interior, interiorSmooth: 0, radius: 3 });
  assert.ok(data.buffer instanceof SharedArrayBuffer);
  assert.deepEqual([maxima, interior], [hills(), hills()]);
});

test('ends on images of NaN with no labels, and on images of NaN with one cell with one', () => {
  const nothing = { shape: [1, 9, 20, 1], data: new Float32Array(180).fill(NaN) };
  const labels = deepWatershed({ maxima: nothing, interior: nothing });
  assert.ok(labels.data.every((label) => label === 0));
  const speck = { ...nothing, data: nothing.data.with(90, 1).with(91, 0.5) };
  const { data } = deepWatershed({ maxima: speck, interior: speck, interiorSmooth: 0 });
  assert.deepEqual(
    [...data.keys()].filter((pixel) => data[pixel] === 1),
    [90, 91],
  );
});

test('refuses outputs of different sizes', () => {
  const interior = { shape: [1, 20, 9, 1], data: new Float32Array(180) };
  assert.throws(() => deepWatershed({ maxima: hills(), interior }), {
    code: 'model_mismatch',
    message: /of equal size, not 1 × 9 × 20 × 1 and 1 × 20 × 9 × 1\.$/,
  });
});
