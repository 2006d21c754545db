import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeImage } from '../../../src/formats/decode-image.ts';
import { type TiffImage, encodeTiff } from '../../../src/formats/encode-tiff.ts';
import {
  batchFiles,
  featureFiles,
  modelFiles,
  planesOf,
  stackedFeatureFiles,
} from '../../../src/stages/results/batch-files.ts';
import { sampleJob } from '../../harness/stages/job-in-flight.ts';

const job = sampleJob({ originalName: 'cells.tif' });
/** Two images of one row and two columns, two channels: channel 1 is 10 more than channel 0. */
const result = {
  shape: [2, 1, 2, 2],
  data: Int32Array.of(1, 11, 2, 12, 3, 13, 4, 14),
};

function valuesOf(image: TiffImage): Float32Array {
  const limits = { maxHeight: 0, maxWidth: 0, maxFileBytes: 0 };
  return decodeImage({ bytes: encodeTiff(image), name: 'a.tif', limits }).data;
}

test('planes come batch by batch, and channel by channel within', () => {
  assert.deepEqual(
    planesOf([result]).map(({ batch, feature, image }) => [batch, feature, ...valuesOf(image)]),
    [
      [0, 0, 1, 2],
      [0, 1, 11, 12],
      [1, 0, 3, 4],
      [1, 1, 13, 14],
    ],
  );
});

test('segmentation names batch and feature; both are counted over all passes', () => {
  const second = { shape: [2, 1, 2, 1], data: Int32Array.of(5, 6, 7, 8) };
  assert.deepEqual(
    batchFiles([result, second], job).map(({ name }) => name),
    [0, 1].flatMap((batch) =>
      [0, 1, 2].map((feature) => `cells_batch_${batch}_feature_${feature}.tif`),
    ),
  );
});

test('a job that names its model names the batch only where there are several images', () => {
  const one = { shape: [1, 1, 2, 2], data: Int32Array.of(1, 2, 3, 4) };
  const names = (files: readonly { readonly name: string }[]): string[] =>
    files.map(({ name }) => name);
  assert.deepEqual(names(modelFiles([one], job)), ['cells_feature_0.tif', 'cells_feature_1.tif']);
  assert.deepEqual(names(modelFiles([result], job)), names(batchFiles([result], job)));
});

test('model-named jobs and mesmer name the feature; mesmer keeps the batch axis', () => {
  assert.deepEqual(
    featureFiles([result], job).map(({ name }) => name),
    ['cells_feature_0.tif', 'cells_feature_1.tif'],
  );
  assert.deepEqual(
    stackedFeatureFiles([result], job).map((file) => file.kind === 'tiff' && file.image.shape),
    [
      [1, 1, 2],
      [1, 1, 2],
    ],
  );
});
