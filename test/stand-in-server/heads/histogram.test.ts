import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Histogram } from '../../../src/stand-in-server/heads/histogram.ts';

/** Python: `np.concatenate([np.linspace(.1, .3, 200), np.linspace(.6, .9, 100)])` */
const values = Float32Array.from({ length: 300 }, (_, at) =>
  at < 200 ? 0.1 + (0.2 * at) / 199 : 0.6 + (0.3 * (at - 200)) / 99,
);

test('the threshold of skimage.filters.threshold_otsu on the same bins', () => {
  assert.equal(new Histogram(values).otsu(), 0.298828125);
});

test('quantiles to the width of a bin', () => {
  const histogram = new Histogram(values);
  assert.ok(Math.abs(histogram.quantile(0.5) - 0.25) < 1 / 256);
  assert.ok(Math.abs(histogram.quantile(1) - 0.9) < 1 / 256);
});

test('a flat plane and values beyond the range', () => {
  assert.equal(new Histogram(new Float32Array(10)).otsu(), 0);
  assert.ok(new Histogram(Float32Array.of(-1, 2, 2)).quantile(0.9) > 0.99);
});
