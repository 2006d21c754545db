import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CELLS } from '../../src/imaging/applications/application.ts';
import { kernels } from '../../src/kernels.ts';
import { predict } from '../../src/stages/predict.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { InProcessModels } from '../fakes/in-process-models.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { stageContext } from '../harness/stages/stage-context.ts';

const model = { name: 'Fake', version: 1 };

function pass(size: number): Parameters<typeof predict.run>[0]['prepared'][number] {
  const data = new Float32Array(size * size).fill(0.5);
  const image = { shape: [1, size, size, 1], data };
  return { application: CELLS, model, image, scale: 1, size: [size, size] };
}

test('each pass gets the heads of its model, and the progress is that of all', async () => {
  const models = new InProcessModels(servedFake('seg2', model, [32, 32, 1]));
  const { context, notes, progress } = stageContext({ models, compute: new InlinePool(kernels) });
  const { predicted } = await predict.run({ prepared: [pass(32), pass(64)] }, context);
  assert.deepEqual(
    predicted.map(({ heads }) => heads.map(({ shape }) => shape.slice(0, 3))),
    [
      [
        [1, 32, 32],
        [1, 32, 32],
      ],
      [
        [1, 64, 64],
        [1, 64, 64],
      ],
    ],
  );
  assert.equal(progress.at(-1), 1);
  assert.deepEqual(
    progress,
    progress.toSorted((one, other) => one - other),
  );
  assert.deepEqual(notes, { predict_retries: 0 });
});

test('a model that nobody serves fails the stage', async () => {
  const { context } = stageContext({
    models: new InProcessModels(),
    compute: new InlinePool(kernels),
  });
  await assert.rejects(predict.run({ prepared: [pass(32)] }, context), { code: 'unknown_model' });
});
