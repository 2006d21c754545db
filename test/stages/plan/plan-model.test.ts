import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CELLS } from '../../../src/imaging/applications/application.ts';
import { kernels } from '../../../src/kernels.ts';
import { planModel } from '../../../src/stages/plan/plan-model.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting, describedImage } from '../../harness/images/described-image.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

const compute = new InlinePool(kernels);
const settings = {
  application: CELLS,
  model: { name: 'Mine', version: 1 },
  channels: [2, 0],
  minScale: undefined,
  maxScale: 10,
  scaleDetectEnabled: false,
  scaleDetectModel: { name: 'ScaleDetection', version: 1 },
  pixelSizeFromFile: false,
};

function plan(fields: Record<string, string>, limits = {}) {
  const said = stageContext({ compute, job: { fields }, ...limits });
  const raw = describedImage(counting(3, 1, 2), 'CYX');
  return { said, planned: planModel(settings).run({ raw }, said.context) };
}

test('the model sees the channels of the workflow together, in its order', async () => {
  const { passes } = await plan({ scale: '2' }).planned;
  assert.deepEqual(
    passes.map(({ model, image, scale }) => [model.name, image.shape, [...image.data], scale]),
    [['Mine', [1, 1, 2, 2], [4, 0, 5, 1], 2]],
  );
});

test('a job chooses as many others, or is refused', async () => {
  const { passes } = await plan({ channels: '0,1' }).planned;
  assert.deepEqual([...(passes[0]?.image.data ?? [])], [0, 2, 1, 3]);
  await assert.rejects(plan({ channels: '0,' }).planned, {
    code: 'invalid_job',
    message: 'channels is "0,", but the model takes 2 channels together, as in "2,0".',
  });
  await assert.rejects(plan({ channels: '0,3' }).planned, { code: 'invalid_job' });
});

test('pixel_size becomes a scale by the pixels that the model was trained with', async () => {
  const { said, planned } = plan({ pixel_size: '1.3' });
  const { passes } = await planned;
  assert.equal(passes[0]?.scale, 2);
  assert.equal(said.notes['scale'], 2);
});
