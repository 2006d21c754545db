import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counting } from '../harness/images/described-image.ts';
import { sharedFloat32, sizeOf, type NdArray } from '../../src/imaging/array.ts';
import {
  DIMENSION_ORDERS,
  type DimensionOrder,
  arrangeAxes,
  guessChannelAxis,
  stackChannels,
  takeChannels,
} from '../../src/imaging/axes.ts';

const LENGTHS: Readonly<Record<string, number>> = { B: 2, X: 3, Y: 4, C: 5 };

/** An array of a given order whose elements tell where they belong: b·1000 + x·100 + y·10 + c. */
function telling(order: DimensionOrder): NdArray<Float32Array> {
  const shape = order.split('').map((axis) => LENGTHS[axis] ?? 1);
  const weights: Readonly<Record<string, number>> = { B: 1000, X: 100, Y: 10, C: 1 };
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, flat) => {
    let rest = flat;
    let value = 0;
    for (let axis = order.length - 1; axis >= 0; axis--) {
      const length = shape[axis] ?? 1;
      value += (rest % length) * (weights[order[axis] ?? ''] ?? 0);
      rest = Math.floor(rest / length);
    }
    return value;
  });
  return { shape, data };
}

for (const order of DIMENSION_ORDERS) {
  test(`${order} becomes batch, row, column, channel`, () => {
    const { shape, data } = arrangeAxes({ array: telling(order), order });
    const [batches, rows, columns, channels] = ['B', 'X', 'Y', 'C'].map((axis) =>
      order.includes(axis) ? (LENGTHS[axis] ?? 1) : 1,
    ) as [number, number, number, number];
    assert.deepEqual(shape, [batches, rows, columns, channels]);
    let flat = 0;
    for (let b = 0; b < batches; b++)
      for (let x = 0; x < rows; x++)
        for (let y = 0; y < columns; y++)
          for (let c = 0; c < channels; c++)
            assert.equal(data[flat++], b * 1000 + x * 100 + y * 10 + c);
  });
}

test('an order that names another number of axes is refused with both', () => {
  assert.throws(() => arrangeAxes({ array: telling('XYC'), order: 'XY' }), {
    code: 'wrong_dimensions',
    message: 'dimension_order "XY" names 2 axes, but the image has 3 (shape 3 × 4 × 5).',
  });
});

test('the channel axis is the shortest, the first of equals', () => {
  assert.equal(guessChannelAxis([1, 512, 512, 2], 1), 3);
  assert.equal(guessChannelAxis([1, 2, 512, 512], 1), 1);
  assert.equal(guessChannelAxis([1, 2, 2, 512], 1), 1);
});

test('axes that share a letter become one, the first of them varying slowest', () => {
  const { shape, data } = arrangeAxes({ array: counting(2, 3, 2, 2, 2), order: 'BBXYC' });
  assert.deepEqual([shape, data], [[6, 2, 2, 2], counting(48).data]);
  const frames = arrangeAxes({ array: counting(2, 3, 1, 2), order: 'CBXY' });
  assert.deepEqual(frames.shape, [3, 1, 2, 2]);
  assert.deepEqual([...frames.data], [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11]);
  const samples = arrangeAxes({ array: counting(2, 1, 2, 3), order: 'CXYC' });
  assert.deepEqual(samples.shape, [1, 1, 2, 6]);
  assert.deepEqual([...samples.data], [0, 1, 2, 6, 7, 8, 3, 4, 5, 9, 10, 11]);
});

test('an array whose axes are in order is not copied, whatever the place of axes of length 1', () => {
  for (const [array, order] of [
    [counting(2, 3, 4), 'BXY'],
    [counting(2, 3, 1, 4), 'BXCY'],
    [counting(1, 3, 4), 'CXY'],
  ] as const) {
    assert.equal(arrangeAxes({ array, order }).data, array.data);
  }
});

test('takeChannels and stackChannels keep each element with its place', () => {
  const { shape, data } = arrangeAxes({ array: telling('BXYC'), order: 'BXYC' });
  const channels = [0, 1, 2, 3, 4].map((channel) =>
    takeChannels({ image: { shape, data }, channels: [channel] }),
  );
  assert.deepEqual([...(channels[2]?.data.subarray(0, 3) ?? [])], [2, 12, 22]);
  assert.deepEqual(stackChannels(channels, sharedFloat32), {
    shape,
    data: sharedFloat32(data.length).map((_, i) => data[i] ?? 0),
  });
});

test('all channels in their order are the image itself', () => {
  const image = { shape: [1, 2, 2, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8) };
  assert.equal(takeChannels({ image, channels: [0, 1] }), image);
  const swapped = takeChannels({ image, channels: [1, 0] });
  assert.deepEqual([...swapped.data], [2, 1, 4, 3, 6, 5, 8, 7]);
});
