import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  histogramNormalization,
  mesmerPreprocess,
  percentileThreshold,
} from '../../../src/imaging/normalize/normalization.ts';
import {
  rangeOfCounts,
  rankedAboveZero,
  wholeValues,
} from '../../../src/imaging/normalize/whole-values.ts';
import { channelPlanes } from '../../../src/imaging/planes.ts';
import { withScratch } from '../../../src/imaging/scratch.ts';
import { seededRandom } from '../../../src/seeded-random.ts';
import { channelOf } from '../random-images.ts';
import { normalizeHistogram } from './reference-normalization.ts';

/** An image of whole numbers: more pixels than are read in one call, and no multiple of four. */
function cameraNoise(channels: number, greatest: number) {
  const [rows, columns] = [71, 87];
  const random = seededRandom(channels);
  const data = Float32Array.from({ length: rows * columns * channels }, () =>
    random() < 0.1 ? 0 : Math.floor(random() * greatest + 1),
  );
  return { shape: [1, rows, columns, channels], data };
}

test('the values of a plane and their counts are those of a list', () => {
  for (const channels of [1, 2, 3, 4, 5]) {
    const image = cameraNoise(channels, 65_535);
    image.data.set([65_535, -0]);
    for (const [channel, plane] of channelPlanes(image).entries()) {
      const expected = [...channelOf(image, channel)].map(Math.abs);
      const sorted = expected.filter((value) => value > 0).toSorted((a, b) => a - b);
      withScratch((scratch) => {
        const whole = wholeValues(plane, scratch.uint16(expected.length), scratch);
        assert.ok(whole);
        assert.deepEqual([...whole.values], expected);
        assert.deepEqual(rangeOfCounts(whole.counts), {
          least: 0,
          greatest: Math.max(...expected),
        });
        const ranked = rankedAboveZero(whole);
        assert.equal(ranked.count, sorted.length);
        for (const rank of [0, 1, 100, sorted.length - 1]) {
          assert.equal(ranked.at(rank), sorted[rank]);
        }
      });
    }
  }
});

test('a plane with a value that is no whole number of 16 bits has none', () => {
  for (const odd of [0.5, -1, 65_536, 65_535.5, 2 ** 32, NaN, Infinity, -Infinity, 1e-45]) {
    for (const place of [0, 4097, 71 * 87 - 1]) {
      const image = cameraNoise(1, 100);
      image.data[place] = odd;
      const [plane] = channelPlanes(image);
      withScratch((scratch) => {
        const values = scratch.uint16(image.data.length);
        assert.equal(plane && wholeValues(plane, values, scratch), undefined, `${odd} at ${place}`);
      });
    }
  }
});

test('whole numbers are normalised like any other values, whatever the regions and channels', () => {
  for (const channels of [1, 2, 5]) {
    const image = cameraNoise(channels, 3000);
    for (const kernelSize of [null, 16, 20, 64, 128]) {
      const result = histogramNormalization({ image, kernelSize });
      for (let channel = 0; channel < channels; channel++) {
        const plane = channelOf(image, channel);
        const expected = normalizeHistogram(plane, { rows: 71, columns: 87 }, kernelSize);
        assert.deepEqual(channelOf(result, channel), expected, `${channels}, ${kernelSize}`);
      }
    }
  }
});

test('a channel of one value becomes 0 and leaves the others as they are', () => {
  const image = cameraNoise(2, 500);
  const alone = histogramNormalization({ image });
  for (const constant of [0, 7, 0.5]) {
    const data = image.data.map((value, at) => (at % 2 === 0 ? constant : value));
    const result = histogramNormalization({ image: { ...image, data } });
    assert.deepEqual(channelOf(result, 1), channelOf(alone, 1));
    assert.deepEqual(new Set(channelOf(result, 0)), new Set([0]));
  }
});

test('the bright limit of whole numbers is that of the sorted values', () => {
  const image = cameraNoise(2, 40_000);
  for (const percentile of [99.9, 75, 12]) {
    const cut = percentileThreshold({ image, percentile });
    const expected = histogramNormalization({ image: cut, kernelSize: 32 });
    assert.deepEqual(mesmerPreprocess({ image, percentile, kernelSize: 32 }), expected);
  }
});
