import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Image, Labels, NdArray } from '../../src/imaging/array.ts';
import {
  histogramNormalization,
  mesmerPreprocess,
  minMaxNormalize,
  percentileThreshold,
} from '../../src/imaging/normalize/normalization.ts';
import { referenceRows } from '../../src/imaging/applications/batch-rows.ts';
import { reflectIndices } from '../../src/imaging/reflect.ts';
import { resizeImage, resizeLabels } from '../../src/imaging/resize/resize.ts';
import { type GoldenCase, goldenCases } from './load.ts';

/** The parameters of a case, of whatever types. */
type Parameters = Readonly<Record<string, never>>;

const image = (one: GoldenCase): Image => one.input('image') as Image;

const REPLAY: Readonly<
  Record<string, (one: GoldenCase, params: Parameters) => Record<string, NdArray>>
> = {
  pad_reflect: (_, { n, before, after }) => {
    const index = reflectIndices(n, before, after);
    return { index: { shape: [index.length], data: Float64Array.from(index) } };
  },
  histogram_normalization: (one, { kernel_size }) => ({
    image: histogramNormalization({ image: image(one), kernelSize: kernel_size }),
  }),
  percentile_threshold: (one, { percentile }) => ({
    image: percentileThreshold({ image: image(one), percentile }),
  }),
  mesmer_preprocess: (one, { threshold, percentile, normalize, kernel_size }) => ({
    image: mesmerPreprocess({
      image: image(one),
      ...(threshold !== undefined && { threshold }),
      ...(percentile !== undefined && { percentile }),
      ...(normalize !== undefined && { normalize }),
      ...(kernel_size !== undefined && { kernelSize: kernel_size }),
    }),
  }),
  min_max_normalize: (one, { clip }) => ({ image: minMaxNormalize({ image: image(one), clip }) }),
  resize: (one, { shape, labeled_image }) => {
    const data = one.input('data');
    const single = data.shape.length === 3;
    const batch = single ? { ...data, shape: [1, ...data.shape] } : data;
    const resized = labeled_image
      ? resizeLabels({ labels: batch as Labels, size: shape })
      : resizeImage({ image: batch as Image, size: shape });
    return { data: single ? { ...resized, shape: resized.shape.slice(1) } : resized };
  },
};

for (const [group, replay] of Object.entries(REPLAY)) {
  for (const one of goldenCases(group)) {
    test(`${group}: ${one.name}`, () => {
      const results = replay(one, one.params as Parameters);
      for (const name of one.outputNames) {
        const expected = one.output(name);
        assert.deepEqual(results[name]?.shape, expected.shape);
        assert.deepEqual(results[name]?.data, expected.data);
      }
    });
  }
}

for (const one of goldenCases('batch_size')) {
  test(`batch_size: ${one.name}`, () => {
    const texts = one.params['shapes'] as readonly string[];
    const shapes = texts.map((text) => text.split(',').map(Number));
    const rows = referenceRows(shapes, { maxBatchSize: 64, minModelSize: 128 });
    assert.equal(rows, one.extra['batch_size']);
  });
}
