import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resizeImage, resizeLabels, resizeNearest } from '../../../src/imaging/resize/resize.ts';
import { noise, randomImages } from '../random-images.ts';
import { antiAliased, linear, nearestCentre, nearestCorner } from './reference-resize.ts';

const SIZES: readonly (readonly [number, number])[] = [
  [8, 8],
  [17, 5],
  [40, 62],
  [1, 1],
];

test('Images are resized as the plain formulas say.', () => {
  for (const { name, image } of randomImages(1)) {
    const [, rows = 0, columns = 0, channels = 0] = image.shape;
    const item = { rows, columns, channels, data: image.data };
    for (const size of SIZES) {
      const expected = channels === 1 ? linear(item, size) : antiAliased(item, size);
      const result = resizeImage({ image, size });
      assert.deepEqual(result.shape, [1, ...size, channels]);
      assert.deepEqual([...result.data], expected, `${name} to ${size.join(' × ')}`);
    }
  }
});

test('Labels take the nearest pixel, by the rule for their number of channels.', () => {
  for (const { name, image } of randomImages(1)) {
    const [, rows = 0, columns = 0, channels = 0] = image.shape;
    const labels = { shape: image.shape, data: Int32Array.from(image.data, (v) => 100 * v) };
    const item = { rows, columns, channels, data: labels.data };
    for (const size of SIZES) {
      const expected = channels === 1 ? nearestCorner(item, size) : nearestCentre(item, size);
      const result = resizeLabels({ labels, size });
      assert.deepEqual([...result.data], expected, `${name} to ${size.join(' × ')}`);
    }
  }
});

test('Model-named jobs take the nearest pixel, centres aligned, and keep the values.', () => {
  const image = noise([2, 13, 9, 1], 6);
  const result = resizeNearest({ image, size: [7, 20] });
  const items = [0, 1].map((batch) => image.data.subarray(batch * 117, (batch + 1) * 117));
  const expected = items.flatMap((data) =>
    nearestCentre({ rows: 13, columns: 9, channels: 1, data }, [7, 20]),
  );
  assert.deepEqual([...result.data], expected);
});

test('Batch items do not touch each other.', () => {
  const image = noise([3, 11, 12, 2], 8);
  const whole = resizeImage({ image, size: [6, 9] });
  const items = [0, 1, 2].map((batch) => ({
    shape: [1, 11, 12, 2],
    data: image.data.subarray(batch * 264, (batch + 1) * 264),
  }));
  const parts = items.flatMap((item) => [...resizeImage({ image: item, size: [6, 9] }).data]);
  assert.deepEqual([...whole.data], parts);
});
