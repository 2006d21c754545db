import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelId } from '../../../../src/adapters/model-server/model-id.ts';
import { neededModels } from '../../../../src/commands/local/models/needed-models.ts';

for (const [workflow, fields, expected] of [
  ['segmentation', {}, 'NuclearSegmentation:6'],
  ['segmentation', { channels: '' }, 'NuclearSegmentation:6'],
  ['segmentation', { channels: '0,1' }, 'NuclearSegmentation:6 CytoplasmSegmentation:5'],
  ['segmentation', { channels: ',,DAPI' }, 'PhaseCytoSegmentation:0'],
  ['image', {}, 'NuclearSegmentation:6'],
  ['image', { model_name: 'Mine', model_version: '2' }, 'Mine:2'],
  ['mesmer', {}, 'MultiplexSegmentation:9'],
  ['spot', {}, 'SpotDetection:7'],
  ['polaris', { channels: '2' }, 'SpotDetection:7'],
  [
    'polaris',
    { channels: 'FITC,,Cy5', segmentation_type: 'cell culture' },
    'SpotDetection:7 CytoplasmSegmentation:5',
  ],
  [
    'polaris',
    { channels: '0,1,2', segmentation_type: 'tissue' },
    'SpotDetection:7 MultiplexSegmentation:9',
  ],
  ['caliban', {}, 'NuclearSegmentation:6 NuclearTrackingInf:6 NuclearTrackingNE:6'],
] as const) {
  test(`jobs of ${workflow} with ${JSON.stringify(fields)} run ${expected}`, () => {
    const found = neededModels(workflow, fields).map(({ model }) => modelId(model));
    assert.equal(found.join(' '), expected);
  });
}
