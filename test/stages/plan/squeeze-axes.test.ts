import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasKnownPlane, orderAround, squeezeAxes } from '../../../src/stages/plan/squeeze-axes.ts';

const image = (axes: string, ...shape: readonly number[]) => ({ axes, shape, axesFrom: 'ImageJ' });

test('rows and columns are known where the file names both', () => {
  assert.deepEqual(
    ['YX', 'XY', 'TCYX', 'QQ', 'YQ'].map((axes) => hasKnownPlane({ axes })),
    [true, true, true, false, false],
  );
});

test('axes of length 1 are dropped, wherever they stand', () => {
  const { shape, axes, axesFrom } = squeezeAxes(image('TZCYX', 1, 3, 1, 96, 128));
  assert.deepEqual([shape, axes, axesFrom], [[3, 96, 128], 'ZYX', 'ImageJ']);
});

test('a row of pixels stays a row where the file says so, and is dropped where nobody does', () => {
  assert.deepEqual(squeezeAxes(image('CYX', 2, 1, 128)).shape, [2, 1, 128]);
  assert.deepEqual(squeezeAxes(image('QQQ', 2, 1, 128)).shape, [2, 128]);
});

test('an order of the axes that are left becomes one of all: dropped axes count as batches', () => {
  const { orderOfAll } = squeezeAxes(image('TZCYX', 1, 3, 1, 96, 128));
  assert.equal(orderOfAll('CXY'), 'BCBXY');
  assert.equal(squeezeAxes(image('YX', 96, 128)).orderOfAll('XY'), 'XY');
});

test('around rows and columns the other axes get the letter asked for', () => {
  // In dimension_order X are rows and Y columns.
  assert.equal(orderAround({ axes: 'TCYX' }, 'B'), 'BBXY');
  assert.equal(orderAround({ axes: 'YXS' }, 'C'), 'XYC');
  assert.equal(orderAround({ axes: 'XY' }, 'B'), 'YX');
});
