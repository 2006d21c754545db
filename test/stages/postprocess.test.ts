import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesHeld } from '../../src/flow/running/held-bytes.ts';
import { type Application, CELLS } from '../../src/imaging/applications/application.ts';
import type { Image } from '../../src/imaging/array.ts';
import { kernels } from '../../src/kernels.ts';
import type { PredictedPass } from '../../src/stages/plan/passes.ts';
import { postprocess } from '../../src/stages/postprocess.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { counting } from '../harness/images/described-image.ts';
import { stageContext } from '../harness/stages/stage-context.ts';

const { context } = stageContext({ compute: new InlinePool(kernels) });
const SIDE = 64;
const CENTRES = [
  [16, 16],
  [48, 48],
] as const;

/** One cell at each centre: a cone of this radius, 1 in the middle. */
function cones(radius: number): Image {
  const data = Float32Array.from({ length: SIDE * SIDE }, (_, at) =>
    Math.max(
      0,
      ...CENTRES.map(
        ([row, column]) =>
          1 - Math.hypot(Math.floor(at / SIDE) - row, (at % SIDE) - column) / radius,
      ),
    ),
  );
  return { shape: [1, SIDE, SIDE, 1], data };
}

function cells(size: readonly [number, number]): PredictedPass {
  const model = { name: 'Fake', version: 1 };
  return { application: CELLS, model, scale: 1, size, heads: [cones(12), cones(12)] };
}

test('each cell that the model sees is a label, numbered from the top, at the size of the image', async () => {
  const predicted = [cells([SIDE, SIDE]), cells([2 * SIDE, SIDE / 2])];
  const { results } = await postprocess.run({ predicted }, context);
  for (const [index, { shape, data }] of results.entries()) {
    const [rows = 0, columns = 0] = shape.slice(1);
    const at = (row: number, column: number): number | undefined =>
      data[Math.floor((row * rows) / SIDE) * columns + Math.floor((column * columns) / SIDE)];
    assert.deepEqual(shape, [1, ...(predicted[index]?.size ?? []), 1]);
    assert.deepEqual([at(0, 0), at(16, 16), at(48, 48), at(32, 32)], [0, 1, 2, 0]);
    assert.deepEqual(new Set(data), new Set([0, 1, 2]));
    assert.ok(data instanceof Int32Array);
  }
});

test('where nothing is to be made of the heads they are the result, side by side', async () => {
  const application: Application = { ...CELLS, postprocess: [] };
  const heads = [counting(1, 2, 2, 1), counting(1, 2, 2, 1)];
  const pass = { ...cells([2, 2]), application, heads };
  const { results } = await postprocess.run({ predicted: [pass] }, context);
  assert.deepEqual(
    [results[0]?.shape, ...(results[0]?.data ?? [])],
    [[1, 2, 2, 2], 0, 0, 1, 1, 2, 2, 3, 3],
  );
});

test('a model with too few heads is refused in the words of the reference', async () => {
  const pass = { ...cells([SIDE, SIDE]), heads: [] };
  await assert.rejects(postprocess.run({ predicted: [pass] }, context), {
    code: 'model_mismatch',
    message: 'output_list was length 0, expecting length 2',
  });
});

test('at least what it makes is reserved, for all passes together', async () => {
  const predicted = [cells([200, 300]), cells([SIDE, SIDE])];
  const { results } = await postprocess.run({ predicted }, context);
  const made = bytesHeld(results);
  assert.equal(made, 4 * (200 * 300 + SIDE * SIDE));
  assert.ok((postprocess.footprint?.({ predicted }, context) ?? 0) >= made);
  assert.deepEqual(postprocess.frees, ['predicted']);
});
