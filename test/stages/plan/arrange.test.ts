import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernels } from '../../../src/kernels.ts';
import { arrange } from '../../../src/stages/plan/arrange.ts';
import { InlinePool } from '../../../src/testing/inline-pool.ts';
import { counting, describedImage } from '../../harness/images/described-image.ts';
import { stageContext } from '../../harness/stages/stage-context.ts';

const compute = new InlinePool(kernels);

function contextOf(dimension_order?: string, limits = stageContext().context.limits) {
  const fields = dimension_order === undefined ? {} : { dimension_order };
  return stageContext({ compute, limits, job: { fields } });
}

test('pixels move with their axes to batch, row, column, channel', async () => {
  const { context } = contextOf('CXYB');
  const { image, order, saidBy } = await arrange(describedImage(counting(2, 1, 2, 3)), context);
  assert.deepEqual([order, saidBy, image.shape], ['CXYB', 'job', [3, 1, 2, 2]]);
  // [channel, row, column, batch] counted: channel 6, column 3, batch 1.
  assert.deepEqual([...image.data], [0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11]);
});

test('who says what the axes are is passed on: the job, else the file, else a guess', async () => {
  const { context } = contextOf();
  const saidBy = async (axes: string) =>
    (await arrange(describedImage(counting(2, 20, 30), axes), context)).saidBy;
  assert.equal(await saidBy('CYX'), 'file');
  assert.equal(await saidBy('QQQ'), 'guess');
});

test('a job that contradicts its file in what harms nobody is obeyed, and the log says so', async () => {
  const { context, warnings } = contextOf('BXY');
  const { image } = await arrange(describedImage(counting(2, 20, 30), 'CYX'), context);
  assert.deepEqual(image.shape, [2, 20, 30, 1]);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /^dimension_order is "BXY", but the file .*word was taken\.$/);
});

test('an order with another number of letters than the array has axes is refused', async () => {
  const { context } = contextOf('XYB');
  await assert.rejects(arrange(describedImage(counting(20, 30)), context), {
    code: 'wrong_dimensions',
    message: 'dimension_order "XYB" names 3 axes, but the image has 2 (shape 20 × 30).',
  });
});

test('the limits count rows and columns where the axes say they are', async () => {
  const limits = { maxFileBytes: 0, maxHeight: 20, maxWidth: 30, maxFrames: 4 };
  const size = (order: string, ...shape: readonly number[]) =>
    arrange(describedImage(counting(...shape)), contextOf(order, limits).context);
  assert.deepEqual((await size('XYB', 20, 30, 4)).image.shape, [4, 20, 30, 1]);
  for (const [order, ...shape] of [
    ['BXY', 20, 30, 4],
    ['XYB', 20, 30, 5],
    ['XY', 21, 30],
    ['XY', 20, 31],
  ] as const)
    await assert.rejects(size(order, ...shape), { code: 'image_too_large' });
});
