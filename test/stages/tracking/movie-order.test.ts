import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrangeAxes } from '../../../src/imaging/axes.ts';
import { movieOrder } from '../../../src/stages/tracking/movie-order.ts';
import { counting } from '../../harness/images/described-image.ts';

const imageOf = (axes: string, ...shape: readonly number[]) => ({
  shape,
  axes,
  axesFrom: 'ImageJ',
});

test('frames, slices and pages are frames, wherever they stand, and other axes of length 1 are dropped', () => {
  const orders = {
    TYX: [5, 40, 64],
    ZYX: [5, 40, 64],
    IYX: [5, 40, 64],
    QYX: [5, 40, 64],
    YXT: [40, 64, 5],
    YTX: [40, 5, 64],
    XYT: [64, 40, 5],
    TCYX: [5, 1, 40, 64],
    TZCYX: [1, 5, 1, 40, 64],
    TYXS: [5, 40, 64, 1],
  };
  for (const [axes, shape] of Object.entries(orders)) {
    const array = counting(...shape);
    const movie = arrangeAxes({ array, order: movieOrder(imageOf(axes, ...shape)) });
    assert.deepEqual(movie.shape, [5, 40, 64, 1], axes);
    // Frame 1, row 2, column 3, by the strides of the file.
    const places: Readonly<Record<string, number>> = { Y: 2, X: 3 };
    const at = shape.reduce((sum, length, axis) => {
      const place = length === 1 ? 0 : (places[axes[axis] ?? ''] ?? 1);
      return sum * length + place;
    }, 0);
    assert.equal(movie.data[1 * 40 * 64 + 2 * 64 + 3], at, axes);
  }
});

test('pages that are not what the file says are no frames', () => {
  const misfit =
    'The description (ImageJ) tells of frames=5, channels=2 (10 planes), but it holds 8';
  assert.throws(() => movieOrder({ ...imageOf('IYX', 8, 40, 64), misfit }), {
    code: 'wrong_dimensions',
    message: `${misfit}: which of its pages are frames and which are channels is not known. Save the whole image again.`,
  });
});

test('a single frame is a movie where the file counts frames; rows or columns may be one', () => {
  assert.equal(movieOrder(imageOf('TYX', 1, 40, 64)), 'BXY');
  assert.equal(movieOrder(imageOf('TYX', 3, 1, 64)), 'BXY');
});

test('of axes that nobody names the first of three are frames', () => {
  assert.equal(movieOrder(imageOf('QQQ', 5, 40, 3)), 'BXY');
  assert.throws(() => movieOrder(imageOf('QQQQ', 1, 5, 40, 64)), { code: 'wrong_dimensions' });
});

test('channels, colours, several stacks and single images are refused with the axes of the file', () => {
  const refused = {
    YXS: [40, 64, 3],
    SYX: [3, 40, 64],
    CYX: [3, 40, 64],
    TCYX: [5, 2, 40, 64],
    TZYX: [5, 3, 40, 64],
    TYXS: [5, 40, 64, 3],
    CTYX: [2, 1, 40, 64],
    YX: [40, 64],
    CYX1: [1, 40, 64],
  };
  for (const [name, shape] of Object.entries(refused)) {
    const axes = name.replace('1', '');
    assert.throws(() => movieOrder(imageOf(axes, ...shape)), {
      code: 'wrong_dimensions',
      message: new RegExp(
        `^A movie needs frames × rows × columns; the axes of this file are ${axes} `,
      ),
    });
  }
  assert.throws(() => movieOrder(imageOf('YXS', 40, 64, 3)), {
    message:
      'A movie needs frames × rows × columns; the axes of this file are YXS (ImageJ): 3 samples, 40 × 64 pixels. ' +
      'Save one channel as a stack of frames, or, if these are frames, name the axes of the file TYX.',
  });
});
