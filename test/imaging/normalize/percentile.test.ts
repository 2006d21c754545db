import assert from 'node:assert/strict';
import { test } from 'node:test';
import { percentiles } from '../../../src/imaging/normalize/percentile.ts';
import { channelPlanes } from '../../../src/imaging/planes.ts';
import { channelOf, randomImages } from '../random-images.ts';
import { percentileOf } from './reference-normalization.ts';

const PERCENTS = [0, 0.01, 12.5, 50, 99.9, 100];

test('Percentiles are those of the sorted values.', () => {
  for (const { name, image } of randomImages(2)) {
    for (const [channel, plane] of channelPlanes(image).entries()) {
      const values = [...channelOf(image, channel)];
      const expected = PERCENTS.map((q) => percentileOf(values, q));
      assert.deepEqual(percentiles(plane, PERCENTS, 'all'), expected, name);
    }
  }
});

test('Zeros of either sign can be left out.', () => {
  for (const { name, image } of randomImages(1)) {
    for (let at = 0; at < image.data.length; at += 3) image.data[at] = at % 2 === 0 ? 0 : -0;
    for (const [channel, plane] of channelPlanes(image).entries()) {
      const values = [...channelOf(image, channel)].filter((value) => value !== 0);
      const expected = values.length === 0 ? [] : PERCENTS.map((q) => percentileOf(values, q));
      assert.deepEqual(percentiles(plane, PERCENTS, 'other than 0'), expected, name);
    }
  }
});

test('Values of all sizes are told apart: neighbours, denormals, infinities.', () => {
  const values = [1, 1 + 2 ** -23, 1e-45, -1e-45, 3e38, -3e38, Infinity, -Infinity, 0, -1, 65_536];
  const data = Float32Array.from(values);
  const plane = { data, start: 0, step: 1, rows: 1, columns: values.length };
  for (let rank = 0; rank < values.length; rank++) {
    const percent = (100 * rank) / (values.length - 1);
    const expected = percentileOf([...data], percent);
    assert.deepEqual(percentiles(plane, [percent], 'all'), [expected], String(rank));
  }
});
