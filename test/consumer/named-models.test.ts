import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namedModels } from '../../src/consumer/named-models.ts';
import { readSettings } from '../../src/consumer/settings/read-settings.ts';
import { setting } from '../../src/config/setting.ts';
import { defineWorkflow } from '../../src/flow/workflow.ts';

test('each model of a built-in workflow has the variable that names it', async () => {
  const { consumers } = await readSettings({ CONSUMERS: 'segmentation,mesmer,zip:mesmer' });
  const [segmentation, mesmer, zip] = consumers.map(({ models }) =>
    models.map(({ model, variable }) => `${variable}=${model.name}:${model.version}`),
  );
  assert.deepEqual(segmentation?.toSorted(), [
    'CYTOPLASM_MODEL=CytoplasmSegmentation:5',
    'NUCLEAR_MODEL=NuclearSegmentation:6',
    'PHASE_MODEL=PhaseCytoSegmentation:0',
  ]);
  assert.deepEqual(mesmer, ['MESMER_MODEL=MultiplexSegmentation:9']);
  assert.deepEqual(zip, []);
});

test('a workflow that does not say has the models of its settings, but for those switched off', () => {
  const settings = {
    ownModel: setting.model('OWN_MODEL', 'Own:1', 'Its model.'),
    scaleModel: setting.model('SCALE_MODEL', 'Scale:2', 'Switched off.'),
    scaleEnabled: setting.boolean('SCALE_ENABLED', false, 'The switch.'),
  };
  const workflow = defineWorkflow({
    name: 'own',
    summary: 'Own.',
    settings,
    accepts: () => true,
    pipeline: (): never => assert.fail(),
  });
  const values = Object.fromEntries(
    Object.entries(settings).map(([key, { fallback }]) => [key, fallback]),
  );
  assert.deepEqual(namedModels(workflow, values), [
    { model: { name: 'Own', version: 1 }, variable: 'OWN_MODEL' },
  ]);
});
