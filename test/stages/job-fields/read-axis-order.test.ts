import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../../src/job/job.ts';
import { readAxisOrder } from '../../../src/stages/job-fields/read-axis-order.ts';

const job = (order?: string): Job => ({
  key: 'segmentation:1',
  queue: 'segmentation',
  fields: order === undefined ? {} : { dimension_order: order },
  inputFileName: 'uploads/a.tif',
  originalName: 'a.tif',
  resultId: '',
});

function image(axes: string, ...shape: readonly number[]) {
  return { axes, shape, axesFrom: 'ImageJ' };
}

const NAMED: readonly (readonly [axes: string, shape: readonly number[], order: string])[] = [
  ['YX', [96, 128], 'XY'],
  ['TYX', [3, 96, 128], 'BXY'],
  ['ZYX', [60, 40, 40], 'BXY'],
  ['CYX', [3, 96, 128], 'CXY'],
  ['YXS', [96, 128, 3], 'XYC'],
  ['SYX', [3, 96, 128], 'CXY'],
  ['TCYX', [3, 2, 96, 128], 'BCXY'],
  ['CZYX', [3, 2, 96, 128], 'CBXY'],
  ['TZCYX', [3, 2, 2, 96, 128], 'BBCXY'],
  ['CYXS', [2, 96, 128, 3], 'CXYC'],
  ['IYXS', [2, 96, 128, 3], 'BXYC'],
  ['ITYX', [2, 5, 96, 128], 'BBXY'],
  ['XY', [128, 96], 'YX'],
];
for (const [axes, shape, order] of NAMED) {
  test(`a file of axes ${axes} decides where the job says nothing: ${order}`, () => {
    const read = readAxisOrder(job(), image(axes, ...shape));
    assert.deepEqual(read, { order, saidBy: 'file', remarks: [] });
  });
}

const GUESSED: readonly (readonly [axes: string, shape: readonly number[], order: string])[] = [
  ['QQ', [96, 128], 'XY'],
  ['QQQ', [3, 96, 128], 'CXY'],
  ['QQQ', [96, 128, 3], 'XYC'],
  ['IYX', [3, 96, 128], 'CXY'],
  ['IYX', [30, 96, 128], 'CXY'],
  ['QQQ', [1, 96, 128], 'CXY'],
  ['QQQQ', [2, 96, 128, 3], 'BXYC'],
  ['QQQQ', [3, 2, 96, 128], 'BCXY'],
];
for (const [axes, shape, order] of GUESSED) {
  test(`${shape.join(' × ')} of axes ${axes}, of which nobody says anything, is guessed: ${order}`, () => {
    assert.deepEqual(readAxisOrder(job(), image(axes, ...shape)), {
      order,
      saidBy: 'guess',
      remarks: [],
    });
  });
}

const IMPLAUSIBLE: readonly (readonly [axes: string, shape: readonly number[], words: RegExp])[] = [
  [
    'QQQ',
    [60, 40, 40],
    /an image of 60 × 40 pixels and 40 channels; it may as well be 60 images of 40 × 40 pixels/,
  ],
  ['IYX', [60, 40, 40], /its pages may as well be 60 images of 40 × 40 pixels and 1 channel/],
  [
    'IYX',
    [40, 60, 70],
    /an image of 60 × 70 pixels and 40 channels; its pages may as well be 40 images/,
  ],
  [
    'QQQ',
    [60, 4, 50],
    /60 images of 4 × 50 pixels.*Give the job a dimension_order: BXY, CXY, XYB, XYC/,
  ],
  ['QQQQ', [2, 96, 3, 128], /neither the job nor the file says what its axes are/],
  ['QQQQQ', [2, 2, 2, 96, 128], /The image has 5 axes .*two to four are allowed/],
];
for (const [axes, shape, message] of IMPLAUSIBLE) {
  test(`${shape.join(' × ')} of axes ${axes} is refused in words that name both readings`, () => {
    assert.throws(() => readAxisOrder(job(), image(axes, ...shape)), {
      code: 'wrong_dimensions',
      message,
    });
  });
}

test('the job rules where nobody else says what the axes are', () => {
  for (const order of ['BXY', 'CXY', 'XYB', 'XYC']) {
    const read = readAxisOrder(job(order.toLowerCase()), image('QQQ', 3, 96, 128));
    assert.deepEqual(read, { order, saidBy: 'job', remarks: [] });
  }
  assert.equal(readAxisOrder(job('XYB'), image('IYX', 128, 96, 3)).order, 'XYB');
});

test('the job rules over what the file calls frames or slices, and that is remarked', () => {
  const { order, remarks } = readAxisOrder(job('CXY'), image('ZYX', 2, 96, 128));
  assert.equal(order, 'CXY');
  assert.deepEqual(remarks, [
    'dimension_order is "CXY", but the file (ImageJ) says that its axes are ZYX: 2 slices, 96 × 128 pixels. ' +
      "The job's word was taken.",
  ]);
  assert.deepEqual(readAxisOrder(job('XYB'), image('YXS', 96, 128, 1)).remarks, []);
});

const CONTRADICTORY: readonly (readonly [string, string, readonly number[], RegExp])[] = [
  [
    'XYB',
    'TYX',
    [3, 96, 128],
    /^dimension_order "XYB" would make 128 images of 3 × 96 pixels and 1 channel, but the file \(ImageJ\) says that its axes are TYX: 3 frames, 96 × 128 pixels\. Leave dimension_order empty, or give "BXY"\.$/,
  ],
  [
    'XYB',
    'TCYX',
    [3, 2, 96, 128],
    /names 3 axes, but the file .* TCYX: 3 frames, 2 channels.*give "BCXY"/,
  ],
  [
    'XYC',
    'IYX',
    [3, 96, 128],
    /an image of 3 × 96 pixels and 128 channels, but the pages of the file are 3 pages/,
  ],
  ['BXYC', 'TCYX', [3, 2, 96, 128], /3 images of 2 × 96 pixels and 128 channels, but the file/],
];
for (const [order, axes, shape, message] of CONTRADICTORY) {
  test(`dimension_order ${order} for a file of axes ${axes} is refused with the words of both`, () => {
    assert.throws(() => readAxisOrder(job(order), image(axes, ...shape)), {
      code: 'wrong_dimensions',
      message,
    });
  });
}

test('an order that there is not is refused with those that there are', () => {
  assert.throws(() => readAxisOrder(job('TXY'), image('QQQ', 3, 96, 128)), {
    message:
      'dimension_order is "TXY", but must be one of XY, BXY, CXY, XYB, XYC, BXYC, BCXY, CXYB.',
  });
});

test('pages that are not what the file says are taken as the job says, and never guessed', () => {
  const misfit =
    'The description (ImageJ) tells of frames=5, channels=2 (10 planes), but it holds 8';
  const mixed = { ...image('IYX', 8, 96, 128), misfit };
  assert.equal(readAxisOrder(job('BXY'), mixed).order, 'BXY');
  assert.throws(() => readAxisOrder(job(), mixed), {
    code: 'wrong_dimensions',
    message: `${misfit}: which of its pages are frames and which are channels is not known. Save the whole image again, or give the job a dimension_order.`,
  });
});
