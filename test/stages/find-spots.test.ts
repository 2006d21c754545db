import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../src/kernels.ts';
import { spots } from '../../src/imaging/applications/application.ts';
import { findSpots } from '../../src/stages/find-spots.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { stageContext } from '../harness/stages/stage-context.ts';

const [ROWS, COLUMNS] = [8, 9];

/** The heads of a model that is sure of one pixel, or of none. */
function predicted(at?: number): Parameters<ReturnType<typeof findSpots>['run']>[0] {
  const classes = new Float32Array(ROWS * COLUMNS * 2);
  for (let pixel = 0; pixel < ROWS * COLUMNS; pixel++) {
    const sure = pixel === at ? 0.99 : 0.01 + pixel * 1e-4;
    classes.set([1 - sure, sure], 2 * pixel);
  }
  const offsets = new Float32Array(ROWS * COLUMNS * 2).fill(0.25);
  const head = (data: Float32Array): { shape: number[]; data: Float32Array } => ({
    shape: [1, ROWS, COLUMNS, 2],
    data,
  });
  return {
    image: { shape: [1, ROWS, COLUMNS, 1], data: new Float32Array(ROWS * COLUMNS).fill(3) },
    predicted: [
      {
        application: spots({ clip: false }),
        model: { name: 'Spots', version: 1 },
        scale: 1,
        size: [ROWS, COLUMNS],
        heads: [head(classes), head(offsets)],
      },
    ],
  };
}

const stage = findSpots({ threshold: 0.95 });
const { context } = stageContext({ compute: new InlinePool(kernels) });

test('a pixel that the model is sure of is a spot, at its offset, and is drawn', async () => {
  const { spots: found } = await stage.run(predicted(3 * COLUMNS + 4), context);
  assert.deepEqual([...(found[0]?.points.data ?? [])], [3.25, 4.25]);
  assert.deepEqual(found[0]?.picture.shape, [ROWS, COLUMNS, 3]);
});

test('an image without a spot has a result like any other', async () => {
  const { spots: found } = await stage.run(predicted(), context);
  assert.deepEqual(found[0]?.points.shape, [0, 2]);
});

test('a model of another kind is refused in words', async () => {
  const { image } = predicted();
  await assert.rejects(stage.run({ image, predicted: [] }, context), { code: 'model_mismatch' });
});
