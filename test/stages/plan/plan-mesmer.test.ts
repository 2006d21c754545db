import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../../src/job/job.ts';
import { kernels } from '../../../src/kernels.ts';
import { planMesmer } from '../../../src/stages/plan/plan-mesmer.ts';
import { servedFake } from '../../fakes/fake-models.ts';
import { InProcessModels } from '../../fakes/in-process-models.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting, describedImage } from '../../harness/images/described-image.ts';
import { besidesInput, stageContext } from '../../harness/stages/stage-context.ts';

const compute = new InlinePool(kernels);
const settings = {
  model: { name: 'MultiplexSegmentation', version: 9 },
  compartment: 'whole-cell',
  minScale: undefined,
  maxScale: 10,
  scaleDetectEnabled: false,
  scaleDetectModel: { name: 'ScaleDetection', version: 1 },
  pixelSizeFromFile: false,
} as const;
const stage = planMesmer(settings);

async function plan(fields: Job['fields'], axes: string, ...shape: readonly number[]) {
  const { context, notes } = stageContext({ compute, job: { fields } });
  const { passes } = await stage.run({ raw: describedImage(counting(...shape), axes) }, context);
  assert.equal(passes.length, 1);
  return { pass: passes[0], notes };
}

test('channels first and channels last become one image of two channels; the hash says which', async () => {
  const first = await plan({}, 'CYX', 2, 1, 3);
  assert.deepEqual(
    [first.pass?.image.shape, ...(first.pass?.image.data ?? [])],
    [[1, 1, 3, 2], 0, 3, 1, 4, 2, 5],
  );
  assert.deepEqual(besidesInput(first.notes), { dim_order: 'CYX', scale: 1 });
  const last = await plan({ scale: '2' }, 'YXC', 1, 3, 2);
  assert.deepEqual([...(last.pass?.image.data ?? [])], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([besidesInput(last.notes), last.pass?.scale], [{ dim_order: 'YXC' }, 2]);
  assert.deepEqual(last.pass?.model, settings.model);
  assert.deepEqual(stage.frees, ['raw']);
});

test('channels names the nuclear and the membrane one, in this order', async () => {
  const { pass } = await plan({ channels: '2,0' }, 'CYX', 3, 1, 2);
  assert.deepEqual([pass?.image.shape, ...(pass?.image.data ?? [])], [[1, 1, 2, 2], 4, 0, 5, 1]);
});

test('channels that are missing, empty in a place or no numbers are refused with what is allowed', async () => {
  for (const channels of ['0,', '0,2', '-1,0', '0,red', '0.5,1', '0,1,0'])
    await assert.rejects(plan({ channels }, 'CYX', 2, 4, 5), {
      code: 'invalid_job',
      message: `channels is "${channels}", but must name two of the image's 2 channels (0 to 1), as in "0,1".`,
    });
});

test('the compartment is that of the job, else that of the settings; an empty one is none', async () => {
  const heads = async (fields: Job['fields']) =>
    (await plan(fields, 'CYX', 2, 4, 5)).pass?.application.heads;
  const wholeCell = [
    { output: 0, channels: [0] },
    { output: 1, channels: [1] },
  ];
  const nuclear = [
    { output: 2, channels: [0] },
    { output: 3, channels: [1] },
  ];
  assert.deepEqual(await heads({}), wholeCell);
  assert.deepEqual(await heads({ compartment: '' }), wholeCell);
  assert.deepEqual(await heads({ compartment: 'nuclear' }), nuclear);
  assert.deepEqual(await heads({ compartment: 'both' }), [...wholeCell, ...nuclear]);
});

test('a compartment that does not exist is refused in the words of the reference', async () => {
  await assert.rejects(plan({ compartment: 'nucleus' }, 'CYX', 2, 4, 5), {
    code: 'invalid_job',
    message:
      "Invalid compartment supplied: nucleus. Must be one of ['whole-cell', 'nuclear', 'both']",
  });
});

test('a channel without a value is refused where it is used', async () => {
  const { context } = stageContext({ compute, job: { fields: { channels: '0,1' } } });
  const raw = { ...describedImage(counting(3, 4, 5), 'CYX'), blankPlanes: [2] };
  await stage.run({ raw }, context);
  await assert.rejects(stage.run({ raw: { ...raw, blankPlanes: [1] } }, context), {
    code: 'blank_image',
    message: /^Channel 1 of the image has no values/,
  });
  // Without the field both of the first two are used.
  const silent = stageContext({ compute });
  await assert.rejects(stage.run({ raw: { ...raw, blankPlanes: [0] } }, silent.context), {
    code: 'blank_image',
  });
});

test('an image larger than allowed is refused', async () => {
  const limits = { maxFileBytes: 0, maxHeight: 4, maxWidth: 5, maxFrames: 0 };
  const { context } = stageContext({ compute, limits });
  const run = (rows: number) =>
    stage.run({ raw: describedImage(counting(2, rows, 5), 'CYX') }, context);
  await run(4);
  await assert.rejects(run(5), { code: 'image_too_large' });
});

test('the scale model sees the nuclear channel', async () => {
  const models = new InProcessModels(servedFake('scale1', settings.scaleDetectModel, [4, 4, 1]));
  const { context, notes } = stageContext({
    models,
    compute,
    job: { fields: { channels: '1,0' } },
  });
  const detecting = planMesmer({ ...settings, scaleDetectEnabled: true });
  await detecting.run({ raw: describedImage(counting(2, 4, 4), 'CYX') }, context);
  // Channel 1 begins with 16 and ends with 31: 0.5 + 47 / 64.
  assert.equal(notes['scale'], 0.5 + 47 / 64);
});
