import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Image } from '../../../src/imaging/array.ts';
import {
  histogramNormalization,
  mesmerPreprocess,
  minMaxNormalize,
  percentileThreshold,
  standardize,
} from '../../../src/imaging/normalize/normalization.ts';
import { channelOf, noise, randomImages } from '../random-images.ts';
import { normalizeHistogram, percentileOf, thresholdPlane } from './reference-normalization.ts';

type PlaneRule = (plane: Float32Array, rows: number, columns: number) => Float32Array;

/** Compares an image, channel by channel, with what a plain rule makes of the channels of another. */
function assertPlanes(actual: Image, source: Image, rule: PlaneRule, name: string): void {
  const [, rows = 0, columns = 0, channels = 0] = source.shape;
  assert.deepEqual(actual.shape, source.shape, name);
  for (let channel = 0; channel < channels; channel++) {
    const expected = rule(channelOf(source, channel), rows, columns);
    // Numbers, not bytes: there are several NaN.
    assert.deepEqual([...channelOf(actual, channel)], [...expected], `${name}, channel ${channel}`);
  }
}

test('Histogram normalisation is what the plain steps make, for kernels of all sizes.', () => {
  const kernels = [null, 1, 2, 7, 16, 50];
  let turn = 0;
  for (const { name, image } of randomImages(1)) {
    const kernelSize = kernels[turn++ % kernels.length] ?? null;
    const result = histogramNormalization({ image, kernelSize });
    const rule: PlaneRule = (plane, rows, columns) =>
      normalizeHistogram(plane, { rows, columns }, kernelSize);
    assertPlanes(result, image, rule, `${name}, kernel ${kernelSize}`);
  }
});

test('An image wider than its kernel many times over is normalised like any other.', () => {
  const image = noise([1, 9, 200, 1], 5);
  assertPlanes(
    histogramNormalization({ image }),
    image,
    (plane, rows, columns) => normalizeHistogram(plane, { rows, columns }, null),
    'wide',
  );
});

test('Values beyond float32 and infinities do not break the histogram normalisation.', () => {
  for (const extremes of [
    [3e38, -3e38],
    [Infinity, 0],
    [-Infinity, 1],
    [1e-45, 0],
  ]) {
    const image = noise([1, 12, 10, 1], 3);
    image.data.set(extremes);
    assertPlanes(
      histogramNormalization({ image }),
      image,
      (plane, rows, columns) => normalizeHistogram(plane, { rows, columns }, null),
      extremes.join(' '),
    );
  }
});

test('A percentile threshold cuts what the sorted values say.', () => {
  for (const { name, image } of randomImages(2)) {
    for (const percentile of [99.9, 50, 3]) {
      const result = percentileThreshold({ image, percentile });
      assertPlanes(
        result,
        image,
        (plane) => thresholdPlane(plane, percentile),
        `${name}, ${percentile}`,
      );
    }
  }
});

test('Mesmer preprocessing is its two steps one after the other.', () => {
  for (const { name, image } of randomImages(1)) {
    const cut = percentileThreshold({ image, percentile: 80 });
    const expected = histogramNormalization({ image: cut, kernelSize: 16 });
    const both = mesmerPreprocess({ image, percentile: 80, kernelSize: 16 });
    assert.deepEqual(both, expected, name);
    assert.deepEqual(mesmerPreprocess({ image, percentile: 80, normalize: false }), cut, name);
  }
});

test('Min-max normalisation stretches each plane, after clipping it if asked to.', () => {
  for (const { name, image } of randomImages(1)) {
    const stretched: PlaneRule = (plane) => {
      const [least, greatest] = [Math.min(...plane), Math.max(...plane)];
      const width = Math.fround(greatest - least);
      return plane.map((value) => Math.fround(value - least) / width);
    };
    const clipped: PlaneRule = (plane, rows, columns) => {
      const low = Math.fround(percentileOf([...plane], 0.01));
      const high = Math.fround(percentileOf([...plane], 99.9));
      return stretched(
        plane.map((value) => Math.min(Math.max(value, low), high)),
        rows,
        columns,
      );
    };
    assertPlanes(minMaxNormalize({ image }), image, stretched, name);
    assertPlanes(minMaxNormalize({ image, clip: true }), image, clipped, name);
  }
});

test('Images of other ranks are refused in the words of the reference.', () => {
  const image = { shape: [4, 5], data: new Float32Array(20) };
  assert.throws(() => mesmerPreprocess({ image }), {
    code: 'wrong_dimensions',
    message: 'Image data must be 4D, got image of shape (4, 5)',
  });
  assert.throws(() => minMaxNormalize({ image }), {
    code: 'wrong_dimensions',
    message: 'Image must be 4D, input image shape was (4, 5)',
  });
});

test('Standardised planes have mean 0 and deviation 1; a constant plane becomes 0.', () => {
  const image = noise([1, 40, 50, 2], 9);
  image.data.forEach((value, at) => (image.data[at] = at % 2 === 0 ? 500 + 300 * value : 7));
  const result = standardize({ image });
  const plane = channelOf(result, 0);
  const mean = plane.reduce((sum, value) => sum + value, 0) / plane.length;
  const variance = plane.reduce((sum, value) => sum + (value - mean) ** 2, 0) / plane.length;
  assert.ok(Math.abs(mean) < 1e-6);
  assert.ok(Math.abs(variance - 1) < 1e-6);
  assert.ok(channelOf(result, 1).every((value) => value === 0));
});

test('Kernels leave their input as it was.', () => {
  const image = noise([2, 20, 30, 2], 4);
  const before = image.data.slice();
  histogramNormalization({ image });
  mesmerPreprocess({ image });
  minMaxNormalize({ image, clip: true });
  standardize({ image });
  assert.deepEqual(image.data, before);
});
