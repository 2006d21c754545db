import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSettings } from '../../../src/config/load.ts';
import { kernels } from '../../../src/kernels.ts';
import { planImage } from '../../../src/stages/plan/plan-image.ts';
import image from '../../../src/workflows/image.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting, describedImage } from '../../harness/images/described-image.ts';
import { besidesInput, stageContext } from '../../harness/stages/stage-context.ts';

const stage = planImage(loadSettings(image.settings, {}).values);

async function plan(fields: Record<string, string>) {
  const { context, notes } = stageContext({ compute: new InlinePool(kernels), job: { fields } });
  const { passes } = await stage.run({ raw: describedImage(counting(2, 4, 5), 'CYX') }, context);
  return { passes, notes };
}

test('a job that names its model runs that one on the whole image, with its functions', async () => {
  const { passes, notes } = await plan({
    model_name: 'Mine',
    model_version: '4',
    preprocess_function: 'normalize',
    channels: '1',
  });
  assert.deepEqual(
    passes.map(({ model, image: { shape }, scale }) => [model, shape, scale]),
    [[{ name: 'Mine', version: 4 }, [1, 4, 5, 2], 1]],
  );
  assert.deepEqual(passes[0]?.application.preprocess, [{ kind: 'normalize' }]);
  assert.deepEqual(besidesInput(notes), { scale: 1 });
});

test('its scale is that of the job, within the same limits', async () => {
  const named = { model_name: 'Mine', model_version: '4' };
  assert.equal((await plan({ ...named, scale: '3' })).passes[0]?.scale, 3);
  await assert.rejects(plan({ ...named, scale: '11' }), { code: 'invalid_job' });
});

test('any other job is a segmentation', async () => {
  const { passes } = await plan({ model_name: 'Mine', model_version: '', channels: ',1' });
  assert.deepEqual(
    passes.map(({ model, image: { shape } }) => [model.name, shape]),
    [['CytoplasmSegmentation', [1, 4, 5, 1]]],
  );
  assert.deepEqual([stage.name, stage.frees], ['plan', ['raw']]);
});

test('a channel without values is refused, as the model sees all channels', async () => {
  const { context } = stageContext({
    compute: new InlinePool(kernels),
    job: { fields: { model_name: 'Mine', model_version: '4' } },
  });
  const raw = { ...describedImage(counting(2, 4, 5), 'CYX'), blankPlanes: [1] };
  await assert.rejects(stage.run({ raw }, context), { code: 'blank_image' });
});
