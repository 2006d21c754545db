import assert from 'node:assert/strict';
import { test } from 'node:test';
import mesmer from '../../src/workflows/mesmer.ts';
import { runWholeJob } from '../harness/whole-job.ts';
import { accepted, defaultsOf, stageNames } from '../harness/stages/workflow-parts.ts';

test('an image goes through these stages, in this order', () => {
  assert.deepEqual(stageNames(mesmer), {
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
  assert.deepEqual(accepted(mesmer, 'a.tif', 'b.PNG', 'c', 'd.zip', 'E.ZIP', ''), [
    'a.tif',
    'b.PNG',
    'c',
  ]);
});

test('the model and the compartment are those of the original where nothing is set', () => {
  assert.deepEqual(defaultsOf(mesmer), {
    MESMER_MODEL: { name: 'MultiplexSegmentation', version: 9 },
    MESMER_COMPARTMENT: 'whole-cell',
    SCALE_DETECT_ENABLED: false,
    SCALE_DETECT_MODEL: { name: 'ScaleDetection', version: 1 },
    MIN_SCALE: undefined,
    MAX_SCALE: 10,
    PIXEL_SIZE_FROM_FILE: false,
  });
  assert.deepEqual(mesmer.settings.model.aliases, ['MULTIPLEX_MODEL']);
  assert.deepEqual(mesmer.aliases, ['multiplex']);
});

test('whole cells come first, nuclei second', async () => {
  const model = ['mesmer4', 'MultiplexSegmentation', 9, 2] as const;
  const both = await runWholeJob(mesmer, 2, { compartment: 'both', dimension_order: 'CXY' }, model);
  assert.deepEqual(both.names, ['plate/a_feature_0.tif', 'plate/a_feature_1.tif']);
  assert.deepEqual(both.notes, {
    dim_order: 'CYX',
    scale: 1,
    predict_retries: 0,
    cells: '2,2',
  });
  const whole = await runWholeJob(mesmer, 2, { dimension_order: 'CXY' }, model);
  assert.deepEqual(whole.names, ['plate/a_feature_0.tif']);
});
