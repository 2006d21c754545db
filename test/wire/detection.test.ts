import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servedFake } from '../fakes/fake-models.ts';
import type { GoldenCase } from '../goldens/load.ts';
import { assertTilesSent } from '../goldens/requests.ts';
import { tilesInOrder } from '../goldens/tiles-in-order.ts';
import { doneJob, modelOf, modelShapeOf, resultCases, withDeployment } from './replay.ts';

const ENVIRONMENT = {
  CONSUMER_TYPE: 'segmentation',
  QUEUE: 'segmentation',
  NUCLEAR_MODEL: 'Cells:1',
};
const CELLS = servedFake('seg2', { name: 'Cells', version: 1 }, [256, 256, 1]);

/** The model given, and those that cells in cytoplasm and phase contrast have by default: the consumer tries them at its start. */
const MODELS_OF_CELLS = new Set(['Cells', 'CytoplasmSegmentation', 'PhaseCytoSegmentation']);

const LOOKS = { fake: 'scale1', tile: [216, 216, 1] };

interface Detection {
  readonly field: 'scale' | 'label';
  readonly settings: Readonly<Record<string, string>>;
}

/** What a case of the detection models is about, by the fake that it uses. */
function detectionOf({ params }: GoldenCase): Detection {
  return String(params['fake_model']).startsWith('scale')
    ? { field: 'scale', settings: { SCALE_DETECT_ENABLED: 'true', SCALE_DETECT_MODEL: 'Looks:1' } }
    : { field: 'label', settings: { LABEL_DETECT_ENABLED: 'true', LABEL_DETECT_MODEL: 'Looks:1' } };
}

for (const one of resultCases('app_detection')) {
  test(`app_detection: ${one.name}, from LPUSH to the field of the hash`, async () => {
    const { field, settings } = detectionOf(one);
    const models = [modelOf(one, 'Looks', LOOKS), CELLS];
    const environment = { ...ENVIRONMENT, ...settings };
    await withDeployment({ models, environment }, async ({ deployment, recorder }) => {
      const { shape, data } = one.input('image');
      const image = { shape: shape.slice(0, 3), data };
      const hash = await doneJob(deployment, image, { dimension_order: 'BXY', channels: '0,' });
      assert.equal(Number(hash[field]), one.output('value').data[0]);
      const { tile } = modelShapeOf(one, LOOKS);
      const inOrder = tilesInOrder({ image: one.input('image'), tile });
      assertTilesSent(one, recorder.sentTo('Looks'), [inOrder]);
    });
  });
}

test('a detection model that is disabled is not even asked for its shape', async () => {
  const environment = { ...ENVIRONMENT };
  await withDeployment({ models: [CELLS], environment }, async ({ deployment, recorder }) => {
    const image = { shape: [64, 64], data: new Float32Array(4096) };
    const hash = await doneJob(deployment, image, { dimension_order: 'XY', channels: '0,' });
    assert.equal(hash['scale'], '1');
    assert.equal('label' in hash, false);
    const others = [...recorder.modelsAskedFor].filter((name) => !MODELS_OF_CELLS.has(name));
    assert.deepEqual(others, []);
  });
});
