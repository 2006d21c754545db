import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSettings } from '../../src/config/load.ts';
import {
  LABEL_SETTINGS,
  SCALE_SETTINGS,
  SEGMENTATION_SETTINGS,
  scaleModels,
  segmentationModels,
} from '../../src/workflows/models.ts';

const declared = { ...SEGMENTATION_SETTINGS, ...LABEL_SETTINGS, ...SCALE_SETTINGS };
const modelsWith = (environment: Record<string, string>) =>
  segmentationModels(loadSettings(declared, environment).values).map(
    ({ model, isDense }) => `${model.name}:${model.version} ${isDense ? 'dense' : 'of a tile'}`,
  );

const CELLS = [
  'NuclearSegmentation:6 dense',
  'CytoplasmSegmentation:5 dense',
  'PhaseCytoSegmentation:0 dense',
];

test('doctor tries the three models of cells; those that detect only where they are enabled', () => {
  assert.deepEqual(modelsWith({}), CELLS);
  assert.deepEqual(modelsWith({ LABEL_DETECT_ENABLED: 'true', SCALE_DETECT_ENABLED: 'yes' }), [
    ...CELLS,
    'LabelDetection:1 of a tile',
    'ScaleDetection:1 of a tile',
  ]);
});

test('models and limits come from the environment', () => {
  assert.equal(modelsWith({ NUCLEAR_MODEL: 'Nuclear:75' })[0], 'Nuclear:75 dense');
  const { values } = loadSettings(SCALE_SETTINGS, { MAX_SCALE: '3', MIN_SCALE: '0.5' });
  assert.deepEqual([values.minScale, values.maxScale], [0.5, 3]);
  assert.deepEqual(scaleModels(values), []);
  assert.equal(loadSettings(SCALE_SETTINGS, { MAX_SCALE: '0.5' }).problems.length, 1);
});
