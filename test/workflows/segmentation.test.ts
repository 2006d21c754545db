import assert from 'node:assert/strict';
import { test } from 'node:test';
import segmentation from '../../src/workflows/segmentation.ts';
import { runWholeJob } from '../harness/whole-job.ts';
import { accepted, defaultsOf, stageNames } from '../harness/stages/workflow-parts.ts';

test('an image goes through these stages, in this order', () => {
  assert.deepEqual(stageNames(segmentation), {
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
  assert.deepEqual(accepted(segmentation, 'a.tif', 'b.PNG', 'c', 'd.zip', 'E.ZIP', ''), [
    'a.tif',
    'b.PNG',
    'c',
  ]);
});

test('the models and limits are those of the original where nothing is set', () => {
  assert.deepEqual(defaultsOf(segmentation), {
    NUCLEAR_MODEL: { name: 'NuclearSegmentation', version: 6 },
    CYTOPLASM_MODEL: { name: 'CytoplasmSegmentation', version: 5 },
    PHASE_MODEL: { name: 'PhaseCytoSegmentation', version: 0 },
    LABEL_DETECT_ENABLED: false,
    LABEL_DETECT_MODEL: { name: 'LabelDetection', version: 1 },
    SCALE_DETECT_ENABLED: false,
    SCALE_DETECT_MODEL: { name: 'ScaleDetection', version: 1 },
    MIN_SCALE: undefined,
    MAX_SCALE: 10,
    PIXEL_SIZE_FROM_FILE: false,
  });
});

test('a job of two models has a label image for each, numbered by the positions that are filled', async () => {
  const { names, notes } = await runWholeJob(
    segmentation,
    2,
    { channels: '0,,1', dimension_order: 'CXY' },
    ['seg2', 'NuclearSegmentation', 6, 1],
    ['seg2', 'PhaseCytoSegmentation', 0, 1],
  );
  assert.deepEqual(names, ['plate/a_batch_0_feature_0.tif', 'plate/a_batch_0_feature_1.tif']);
  assert.deepEqual(notes, { scale: 1, predict_retries: 0, cells: '2,2' });
});

test('frames are batches, one after the other', async () => {
  const { names } = await runWholeJob(segmentation, 2, { dimension_order: 'BXY' }, [
    'seg2',
    'NuclearSegmentation',
    6,
    1,
  ]);
  assert.deepEqual(names, ['plate/a_batch_0_feature_0.tif', 'plate/a_batch_1_feature_0.tif']);
});
