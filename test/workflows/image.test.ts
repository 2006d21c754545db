import assert from 'node:assert/strict';
import { test } from 'node:test';
import image from '../../src/workflows/image.ts';
import { runWholeJob } from '../harness/whole-job.ts';
import { accepted, defaultsOf, stageNames } from '../harness/stages/workflow-parts.ts';

test('an image goes through these stages, in this order', () => {
  assert.deepEqual(stageNames(image), {
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
  assert.deepEqual(accepted(image, 'a.tif', 'b.PNG', 'c', 'd.zip', 'E.ZIP', ''), [
    'a.tif',
    'b.PNG',
    'c',
  ]);
});

test('the models and limits are those of the original where nothing is set', () => {
  assert.deepEqual(defaultsOf(image), {
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

test('a job that names no model is a segmentation', async () => {
  const { names } = await runWholeJob(image, 1, {}, ['seg2', 'NuclearSegmentation', 6, 1]);
  assert.deepEqual(names, ['plate/a_batch_0_feature_0.tif']);
});

test('the files of a job that names its model have no batch in their names', async () => {
  const fields = { model_name: 'Mine', model_version: '2', postprocess_function: 'deep_watershed' };
  const { names, notes } = await runWholeJob(image, 1, fields, ['seg2', 'Mine', 2, 1]);
  assert.deepEqual(names, ['plate/a_feature_0.tif']);
  assert.deepEqual(notes, { scale: 1, predict_retries: 0, cells: '2' });
});

test('it serves jobs of the queue predict too', () => {
  assert.deepEqual(image.aliases, ['predict']);
});
