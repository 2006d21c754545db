import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../../src/job/job.ts';
import { mesmerOrder } from '../../../src/stages/plan/mesmer-order.ts';

const job = (fields: Job['fields'] = {}): Job => ({
  key: 'mesmer:1',
  queue: 'mesmer',
  fields,
  inputFileName: 'uploads/a.tif',
  originalName: 'a.tif',
  resultId: '',
});

const image = (axes: string, ...shape: readonly number[]) => ({ axes, shape, axesFrom: 'ImageJ' });

test('channels stand where the file says, else along the shortest axis, which is first or last', () => {
  assert.equal(mesmerOrder(job(), image('CYX', 200, 96, 128)).order, 'CXY');
  assert.equal(mesmerOrder(job(), image('YXS', 96, 128, 200)).order, 'XYC');
  assert.equal(mesmerOrder(job(), image('IYX', 40, 30, 30)).order, 'CXY');
  assert.equal(mesmerOrder(job(), image('QQQ', 2, 96, 128)).order, 'CXY');
  assert.equal(mesmerOrder(job(), image('QQQ', 96, 128, 2)).order, 'XYC');
  assert.deepEqual(mesmerOrder(job(), image('QQQQ', 1, 2, 96, 128)), {
    order: 'BCXY',
    channelsLast: false,
  });
  assert.throws(() => mesmerOrder(job(), image('QQQ', 96, 2, 128)), /stands in the middle/);
});

test('a row of pixels stays a row where the file says so', () => {
  assert.equal(mesmerOrder(job(), image('CYX', 2, 1, 128)).order, 'CXY');
  assert.throws(() => mesmerOrder(job(), image('QQQ', 2, 1, 128)), /only has 3 dimensions/);
});

test('frames and slices are no channels, unless the job says so', () => {
  for (const [axes, what] of [
    ['TYX', 'frames'],
    ['ZYX', 'slices'],
  ] as const) {
    const two = image(axes, 2, 96, 128);
    const message = new RegExp(
      `needs 2 channels, but the file .ImageJ. says .* ${axes}: 2 ${what}`,
    );
    assert.throws(() => mesmerOrder(job(), two), { code: 'wrong_dimensions', message });
    assert.throws(() => mesmerOrder(job({ dimension_order: 'XYB' }), two), { message });
    assert.equal(mesmerOrder(job({ dimension_order: 'CXY' }), two).order, 'CXY');
  }
});

test('another number of axes is refused in the words of the reference, and in those of the file', () => {
  assert.throws(() => mesmerOrder(job(), image('YX', 96, 128)), {
    message:
      'Input data must have 4 dimensions. Input data only has 3 dimensions: the image has the shape ' +
      '96 × 128. A mesmer job needs two channels in one file: the nuclei, and the membranes or cytoplasm.',
  });
  assert.throws(() => mesmerOrder(job(), image('TCYX', 3, 2, 96, 128)), {
    message:
      /only has 5 dimensions: the file .ImageJ. says .* TCYX: 3 frames, 2 channels, 96 × 128/,
  });
});

test('pages that are not what the file says are no channels', () => {
  const misfit =
    'The description (ImageJ) tells of frames=4, channels=2 (8 planes), but it holds 2';
  assert.throws(() => mesmerOrder(job(), { ...image('IYX', 2, 96, 128), misfit }), {
    code: 'wrong_dimensions',
    message: /holds 2: which of its pages are frames and which are channels is not known/,
  });
});
