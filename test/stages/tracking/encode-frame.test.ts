import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../../src/kernels.ts';
import { encodeFrame } from '../../../src/stages/tracking/encode-frame.ts';
import { InProcessModels } from '../../fakes/in-process-models.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { servedTrackers } from '../../fakes/served-trackers.ts';
import { counting } from '../../harness/images/described-image.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

/** Two frames of 4 × 4 pixels: a cell of one pixel in the first, two in the second. */
const labels = { shape: [2, 4, 4, 1], data: new Int32Array(32) };
labels.data[5] = 1;
labels.data[16] = 1;
labels.data[31] = 2;
const frame = {
  encoder: { name: 'Encoder', version: 1 },
  image: counting(2, 4, 4, 1),
  labels,
  slots: 2,
  neighbourDistance: 50,
  appearanceSize: 32,
  crop: 'resize',
} as const;

test('each cell of the frame gets an embedding in its slot; other slots hold zeros', async () => {
  const models = new InProcessModels(...servedTrackers('tracker'));
  const { context } = stageContext({ models, compute: new InlinePool(kernels) });
  const first = await encodeFrame({ ...frame, frame: 0 }, context);
  assert.deepEqual(
    [first.embedding.shape, first.centroids.shape],
    [
      [1, 2, 64],
      [1, 2, 2],
    ],
  );
  assert.deepEqual([...first.centroids.data], [1, 1, 0, 0]);
  // The fake encoder copies the centroid, then area, perimeter and eccentricity, then a pixel.
  assert.deepEqual(Array.from(first.embedding.data.slice(0, 3)), [1, 1, 1]);
  assert.equal(first.embedding.data[5], 5);
  const second = await encodeFrame({ ...frame, frame: 1 }, context);
  assert.deepEqual([...second.centroids.data], [0, 0, 3, 3]);
});

test('a model whose second output is no embedding is refused with what it gave', async () => {
  const [encoder] = servedTrackers('tracker');
  assert.ok(encoder);
  const predict = async () =>
    new Map([
      ['a', counting(1, 2, 2)],
      ['b', counting(1, 3, 64)],
    ]);
  const models = new InProcessModels({ ...encoder, predict });
  const { context } = stageContext({ models, compute: new InlinePool(kernels) });
  await assert.rejects(encodeFrame({ ...frame, frame: 0 }, context), {
    code: 'model_mismatch',
    message:
      'Model Encoder:1 gave a 1 × 2 × 2, b 1 × 3 × 64; its second output must be 1 × 2 × features.',
  });
});
