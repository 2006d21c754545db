import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../src/kernels.ts';
import { predictTiles } from '../../src/stages/predict-tiles.ts';
import { InProcessModels } from '../fakes/in-process-models.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { doubling } from '../harness/processes/consumer-process.ts';
import { stageContext } from '../harness/stages/stage-context.ts';

test('an image of the size of the model passes through it as it is', async () => {
  const stage = predictTiles({ name: 'Doubling', version: 1 });
  const data = Float32Array.from({ length: 32 * 32 }, (_, at) => at);
  const { context, notes } = stageContext({
    models: new InProcessModels(doubling),
    compute: new InlinePool(kernels),
  });
  const { heads } = await stage.run({ image: { shape: [1, 32, 32, 1], data } }, context);
  assert.deepEqual(heads[0]?.shape, [1, 32, 32, 1]);
  assert.deepEqual(
    heads[0]?.data,
    data.map((value) => 2 * value),
  );
  assert.deepEqual(notes, { predict_retries: 0 });
});
