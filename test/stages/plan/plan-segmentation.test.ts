import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../../src/kernels.ts';
import { planSegmentation } from '../../../src/stages/plan/plan-segmentation.ts';
import { servedFake } from '../../fakes/fake-models.ts';
import { InProcessModels } from '../../fakes/in-process-models.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting, describedImage } from '../../harness/images/described-image.ts';
import { besidesInput, stageContext } from '../../harness/stages/stage-context.ts';

const compute = new InlinePool(kernels);
const settings = {
  nuclearModel: { name: 'Nuclear', version: 6 },
  cytoplasmModel: { name: 'Cytoplasm', version: 5 },
  phaseModel: { name: 'Phase', version: 0 },
  labelDetectEnabled: false,
  labelDetectModel: { name: 'LabelDetection', version: 1 },
  minScale: undefined,
  maxScale: 10,
  scaleDetectEnabled: false,
  scaleDetectModel: { name: 'ScaleDetection', version: 1 },
  pixelSizeFromFile: false,
};

function plan(fields: Record<string, string>, axes: string | undefined, ...shape: number[]) {
  const said = stageContext({ compute, job: { fields } });
  const raw = describedImage(counting(...shape), axes);
  return { said, planned: planSegmentation(settings).run({ raw }, said.context) };
}

test('the position names the model, the number the channel; each gets that channel alone', async () => {
  const { passes } = await plan({ channels: '2,0,1', scale: '0.5' }, 'CYX', 3, 1, 2).planned;
  assert.deepEqual(
    passes.map(({ model, image, scale }) => [model.name, image.shape, [...image.data], scale]),
    [
      ['Nuclear', [1, 1, 2, 1], [4, 5], 0.5],
      ['Cytoplasm', [1, 1, 2, 1], [0, 1], 0.5],
      ['Phase', [1, 1, 2, 1], [2, 3], 0.5],
    ],
  );
});

test('a job that says nothing is a nuclear one of the first channel at scale 1, which its hash says then', async () => {
  const { said, planned } = plan({}, 'CYX', 2, 1, 3);
  const { passes } = await planned;
  assert.deepEqual(
    passes.map(({ model, image }) => [model.name, [...image.data]]),
    [['Nuclear', [0, 1, 2]]],
  );
  assert.deepEqual(besidesInput(said.notes), { scale: 1 });
  assert.deepEqual(said.warnings, ['1 other channel was not used; the field channels chooses.']);
  assert.deepEqual(planSegmentation(settings).frees, ['raw']);
});

test('planes that nobody names and that are not used are mentioned in the log', async () => {
  const { said, planned } = plan({}, undefined, 3, 20, 30);
  await planned;
  assert.deepEqual(said.warnings, [
    'Neither the job nor the file says what its 3 planes are. They were taken for channels, of which ' +
      '1 was used. If they are frames, give dimension_order "BXY".',
  ]);
  const all = plan({ channels: '0,1,2' }, undefined, 3, 20, 30);
  await all.planned;
  assert.deepEqual(all.said.warnings, []);
});

test('a channel that the image has not is refused, and one without values', async () => {
  await assert.rejects(plan({ channels: '1' }, 'YX', 4, 5).planned, { code: 'invalid_job' });
  const { context } = stageContext({ compute, job: { fields: { channels: '1' } } });
  const raw = { ...describedImage(counting(2, 4, 5), 'CYX'), blankPlanes: [1] };
  await assert.rejects(planSegmentation(settings).run({ raw }, context), {
    code: 'blank_image',
    message: /^Channel 1 /,
  });
});

test('the label model is asked about the first channel used, unless the job has a label', async () => {
  const models = new InProcessModels(servedFake('label3', settings.labelDetectModel, [16, 16, 1]));
  const stage = planSegmentation({ ...settings, labelDetectEnabled: true });
  const raw = describedImage(counting(2, 16, 16), 'CYX');
  const asked = stageContext({ compute, models, job: { fields: { channels: '1' } } });
  await stage.run({ raw }, asked.context);
  // The fake answers the first pixel, here 256, modulo 3.
  assert.deepEqual(besidesInput(asked.notes), { scale: 1, label: 1 });
  const given = stageContext({ compute, models, job: { fields: { label: '2' } } });
  await stage.run({ raw }, given.context);
  assert.deepEqual(besidesInput(given.notes), { scale: 1 });
});
