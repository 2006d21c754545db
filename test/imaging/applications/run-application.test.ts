import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Application, CELLS, mesmer } from '../../../src/imaging/applications/application.ts';
import { deepWatershed } from '../../../src/imaging/watershed/deep-watershed.ts';
import {
  postprocessFunctions,
  preprocessFunctions,
} from '../../../src/imaging/applications/functions.ts';
import {
  histogramNormalization,
  standardize,
} from '../../../src/imaging/normalize/normalization.ts';
import { resizeImage, resizeLabels, resizeNearest } from '../../../src/imaging/resize/resize.ts';
import {
  finishImage,
  prepareImage,
  scaledSize,
} from '../../../src/imaging/applications/run-application.ts';
import { noise } from '../random-images.ts';

/** What a model-named job runs. */
function modelJob(before: string, after: string): Application {
  return {
    name: 'model',
    micronsPerPixel: undefined,
    preprocess: preprocessFunctions(before),
    padMode: 'reflect',
    heads: 'all',
    postprocess: postprocessFunctions(after),
  };
}

test('A scale is applied as the reference computes it, so that truncation falls the same way.', () => {
  assert.deepEqual(scaledSize([400, 520], 0.38, 0.65), [152, 197]);
  assert.deepEqual(scaledSize([1000, 1000], 0.95, 0.65), [949, 949]);
  assert.deepEqual(scaledSize([100, 100], 0.57, 0.5), [56, 56]);
});

test('An image is resized to the pixels of the model, then preprocessed.', () => {
  const image = noise([1, 30, 41, 1], 1);
  const prepared = prepareImage({ application: CELLS, image, scale: 1.7 });
  const resized = resizeImage({ image, size: [51, 69] });
  assert.deepEqual(prepared, histogramNormalization({ image: resized }));
});

test('A scale of 1 leaves the image as it is.', () => {
  const image = noise([1, 30, 41, 1], 1);
  const prepared = prepareImage({ application: CELLS, image, scale: 1 });
  assert.deepEqual(prepared, histogramNormalization({ image }));
});

test('A scale that leaves nothing of an image is refused.', () => {
  const image = noise([1, 4, 50, 1], 1);
  assert.throws(() => prepareImage({ application: CELLS, image, scale: 0.1 }), {
    code: 'invalid_job',
    message: 'A scale of 0.1 leaves nothing of an image of 4 × 50 pixels.',
  });
});

test('A model-named job rescales to the nearest pixel and chains its functions.', () => {
  const image = noise([1, 25, 33, 1], 1);
  const application = modelJob('normalize,histogram_normalization', 'none');
  const prepared = prepareImage({ application, image, scale: 0.5 });
  const resized = resizeNearest({ image, size: [12, 16] });
  const expected = histogramNormalization({ image: standardize({ image: resized }) });
  assert.deepEqual(prepared, expected);
});

test('Labels go back to the size of the image of the user.', () => {
  const heads = [noise([1, 40, 50, 1], 1), noise([1, 40, 50, 1], 2)] as const;
  const labels = finishImage({ application: CELLS, heads, size: [80, 101] });
  const [maxima, interior] = heads;
  const expected = deepWatershed({ maxima, interior });
  assert.deepEqual(labels, resizeLabels({ labels: expected, size: [80, 101] }));
});

test('Both compartments are labelled by themselves and become two channels.', () => {
  const heads = [1, 2, 3, 4].map((seed) => noise([1, 40, 50, 1], seed));
  const size = [40, 50] as const;
  const both = finishImage({ application: mesmer('both'), heads, size });
  const cells = finishImage({ application: mesmer('whole-cell'), heads: heads.slice(0, 2), size });
  const nuclei = finishImage({ application: mesmer('nuclear'), heads: heads.slice(2), size });
  assert.deepEqual(both.shape, [1, 40, 50, 2]);
  both.data.forEach((label, at) => {
    assert.equal(label, (at % 2 === 0 ? cells : nuclei).data[at >> 1]);
  });
});

test('Without a postprocess function the heads themselves are the result, side by side.', () => {
  const heads = [noise([1, 6, 5, 1], 1), noise([1, 6, 5, 2], 2)];
  const result = finishImage({ application: modelJob('', ''), heads, size: [6, 5] });
  assert.deepEqual(result.shape, [1, 6, 5, 3]);
  assert.deepEqual(
    result.data.filter((_, at) => at % 3 === 0),
    heads[0]?.data,
  );
});

test('The multiplex function of model-named jobs needs four outputs and gives two channels.', () => {
  const heads = [1, 3, 1, 3].map((channels, seed) => noise([1, 40, 50, channels], seed));
  const application = modelJob('', 'multiplex_postprocess_consumer');
  const size = [40, 50] as const;
  assert.deepEqual(finishImage({ application, heads, size }).shape, [1, 40, 50, 2]);
  assert.throws(() => finishImage({ application, heads: heads.slice(1), size }), {
    code: 'model_mismatch',
    message: 'output_list was length 3, expecting length 4: two outputs for cells, two for nuclei.',
  });
});
