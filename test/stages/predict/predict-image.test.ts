import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '../../../src/errors.ts';
import type { StageContext } from '../../../src/flow/stage.ts';
import { kernels } from '../../../src/kernels.ts';
import { predictImage } from '../../../src/stages/predict/predict-image.ts';
import type { ServedModel } from '../../../src/stand-in-server/served-model.ts';
import { InProcessModels } from '../../fakes/in-process-models.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting } from '../../harness/images/described-image.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

const TILE = 16;
const model = { name: 'Fake', version: 1 };

/** Two outputs of the size of a tile: the tile doubled, and the tile and its negative. Below 32 pixels nothing is blended. */
const served: ServedModel = {
  ...model,
  inputs: [{ name: 'image', type: 'float32', shape: [-1, TILE, TILE, 1] }],
  outputs: [
    { name: 'a', type: 'float32', shape: [-1, TILE, TILE, 1] },
    { name: 'b', type: 'float32', shape: [-1, TILE, TILE, 2] },
  ],
  predict: (inputs) => {
    const { shape, data } = inputs.get('image') ?? counting(0);
    const pairs = Float32Array.from([...data].flatMap((value) => [value, -value]));
    return new Map([
      ['b', { shape: [...shape.slice(0, 3), 2], data: pairs }],
      ['a', { shape, data: data.map((value) => 2 * value) }],
    ]);
  },
};

const wanted = { model, padMode: 'reflect', heads: 'all' } as const;
const compute = new InlinePool(kernels);

for (const [name, shape] of [
  ['smaller than a tile', [1, 5, 9, 1]],
  ['of many tiles', [2, 40, 70, 1]],
  ['short one way and long the other', [1, 5, 40, 1]],
] as const) {
  test(`an image ${name} is put together again as it was`, async () => {
    const image = counting(...shape);
    const progress: number[] = [];
    const { context, moved } = stageContext({ compute, models: new InProcessModels(served) });
    const { heads, retries } = await predictImage(
      { ...wanted, image, onProgress: (done) => progress.push(done) },
      context,
    );
    const [a, b] = heads;
    assert.deepEqual([a?.shape, b?.shape], [shape, [...shape.slice(0, 3), 2]]);
    assert.deepEqual(
      a?.data,
      image.data.map((value) => 2 * value),
    );
    assert.deepEqual(
      [...(b?.data ?? [])],
      [...image.data].flatMap((value) => [value, -value]),
    );
    assert.equal(retries, 0);
    assert.equal(progress.at(-1), 1);
    assert.equal(moved.in, 3 * moved.out);
  });
}

test('only the heads asked for come, with the channels asked for', async () => {
  const image = counting(1, 20, 20, 1);
  const { context } = stageContext({ compute, models: new InProcessModels(served) });
  const heads = [{ output: -1, channels: [1] }];
  const predicted = await predictImage({ ...wanted, image, heads }, context);
  assert.deepEqual(
    predicted.heads.map(({ shape, data }) => [shape, data]),
    [[[1, 20, 20, 1], image.data.map((value) => -value)]],
  );
});

test('at the end no more is reserved than what was made, and at least that', async () => {
  let held = 0;
  const take = (bytes: number) => {
    held += bytes;
    return () => void (held -= bytes);
  };
  const { context } = stageContext({
    compute,
    models: new InProcessModels(served),
    reserve: async (bytes, staying = 0) => {
      held += staying;
      return take(bytes);
    },
    tryReserve: take,
  });
  const { heads } = await predictImage({ ...wanted, image: counting(1, 40, 70, 1) }, context);
  const made = heads.reduce((sum, { data }) => sum + data.byteLength, 0);
  assert.ok(held >= made && held < 3 * made, `${held} for ${made}`);
});

test('a model that nobody serves and an image that does not fit are refused', async () => {
  const models = new InProcessModels(served);
  const { context } = stageContext({ compute, models });
  const image = counting(1, 20, 20, 2);
  await assert.rejects(predictImage({ ...wanted, image }, context), {
    code: 'wrong_dimensions',
    message: 'Input data must have 1 channels. Input data only has 2 channels',
  });
  const other = { ...wanted, model: { name: 'Other', version: 1 } };
  await assert.rejects(predictImage({ ...other, image }, context), { code: 'unknown_model' });
  assert.deepEqual(models.requests, []);
});

test('when a strip fails the prediction fails with it, and its other calls are given up', async () => {
  const signals: AbortSignal[] = [];
  const failing: StageContext['models'] = Object.assign(new InProcessModels(served), {
    predict: async ({ signal }: { readonly signal: AbortSignal }) => {
      signals.push(signal);
      throw new KnownError('model_rejected', 'No.');
    },
  });
  const { context } = stageContext({ compute, models: failing });
  await assert.rejects(predictImage({ ...wanted, image: counting(1, 40, 40, 1) }, context), {
    code: 'model_rejected',
  });
  assert.ok(signals.length > 0 && signals.every(({ aborted }) => aborted));
});
