import assert from 'node:assert/strict';
import { test } from 'node:test';
import spot from '../../src/workflows/spot.ts';
import { runWholeJob } from '../harness/whole-job.ts';
import { accepted, defaultsOf, stageNames } from '../harness/stages/workflow-parts.ts';

test('an image goes through these stages, in this order', () => {
  assert.deepEqual(stageNames(spot), {
    work: [
      'download',
      'describe',
      'decode',
      'plan',
      'preprocess',
      'predict',
      'postprocess',
      'package',
      'upload',
    ],
  });
});

test('anything but a zip archive may be an image', () => {
  assert.deepEqual(accepted(spot, 'a.tif', 'b.PNG', 'c', 'd.zip', 'E.ZIP', ''), [
    'a.tif',
    'b.PNG',
    'c',
  ]);
});

test('the model and its threshold are those of the original where nothing is set', () => {
  assert.deepEqual(defaultsOf(spot), {
    POLARIS_MODEL: { name: 'SpotDetection', version: 7 },
    POLARIS_THRESHOLD: 0.95,
    POLARIS_CLIP: false,
  });
});

test('each image has a picture and its points', async () => {
  const { names, notes, input } = await runWholeJob(spot, 2, {}, ['spot2', 'SpotDetection', 7, 1]);
  assert.deepEqual(names, ['plate/a_0.tif', 'plate/a_0.npy', 'plate/a_1.tif', 'plate/a_1.npy']);
  const { spots, ...others } = notes;
  assert.deepEqual(others, { dim_order: 'YXC', predict_retries: 0 });
  assert.equal(typeof spots, 'number');
  assert.deepEqual(input, {
    axes: 'QQQ',
    shape: [2, 64, 64],
    type: 'float32',
    axesBy: 'guess',
    images: 2,
    size: [64, 64],
    channelsOf: 1,
    channels: [{ channel: 0, min: 0, max: 1000 }],
    scale: 1,
  });
});
