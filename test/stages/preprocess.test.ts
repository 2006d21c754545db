import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesHeld } from '../../src/flow/running/held-bytes.ts';
import { type Application, CELLS, spots } from '../../src/imaging/applications/application.ts';
import { kernels } from '../../src/kernels.ts';
import type { Pass } from '../../src/stages/plan/passes.ts';
import { preprocess } from '../../src/stages/preprocess.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { counting } from '../harness/images/described-image.ts';
import { stageContext } from '../harness/stages/stage-context.ts';

const model = { name: 'Fake', version: 1 };
const { context } = stageContext({ compute: new InlinePool(kernels) });

const pass = (application: Application, scale: number, ...shape: readonly number[]): Pass => ({
  application,
  model,
  scale,
  image: counting(...shape),
});

test('the image of each pass becomes what its model sees, and the size of the user is kept', async () => {
  const passes = [pass(spots({ clip: false }), 1, 1, 2, 3, 1), pass(CELLS, 0.5, 1, 40, 60, 1)];
  const { prepared } = await preprocess.run({ passes }, context);
  // (x - 0) / (5 - 0) in float32
  assert.deepEqual(
    [...(prepared[0]?.image.data ?? [])],
    [0, 1, 2, 3, 4, 5].map((value) => Math.fround(value / 5)),
  );
  assert.deepEqual(prepared[1]?.image.shape, [1, 20, 30, 1]);
  assert.deepEqual(
    prepared.map(({ size, scale, model: used }) => ({ size, scale, used })),
    [
      { size: [2, 3], scale: 1, used: model },
      { size: [40, 60], scale: 0.5, used: model },
    ],
  );
});

test('a normalised plane goes from 0 to 1 exactly; one of a single value becomes zeros', async () => {
  const flat = { ...pass(CELLS, 1, 1, 16, 16, 1) };
  const passes = [flat, { ...flat, image: { ...flat.image, data: new Float32Array(256).fill(7) } }];
  const { prepared } = await preprocess.run({ passes }, context);
  const range = prepared.map(({ image: { data } }) => [Math.min(...data), Math.max(...data)]);
  assert.deepEqual(range, [
    [0, 1],
    [0, 0],
  ]);
});

test('at least what it makes is reserved, for all passes together', async () => {
  const passes = [pass(CELLS, 2, 2, 20, 30, 1), pass(CELLS, 0.5, 1, 20, 30, 1)];
  const { prepared } = await preprocess.run({ passes }, context);
  const made = bytesHeld(prepared);
  assert.equal(made, 4 * (2 * 40 * 60 + 10 * 15));
  assert.ok((preprocess.footprint?.({ passes }, context) ?? 0) >= made);
  assert.deepEqual(preprocess.frees, ['passes']);
});

test('a scale that leaves nothing of the image is refused, before anything is reserved', () => {
  assert.throws(
    () => preprocess.footprint?.({ passes: [pass(CELLS, 0.04, 1, 20, 30, 1)] }, context),
    {
      code: 'invalid_job',
      message: 'A scale of 0.04 leaves nothing of an image of 20 × 30 pixels.',
    },
  );
});
