import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceNonFinite } from '../../../src/imaging/normalize/non-finite.ts';

const image = (shape: readonly number[], ...values: readonly number[]) => ({
  shape,
  data: Float32Array.from(values),
});

test('NaN and infinities become the least value of their plane', () => {
  const two = image([2, 2, 2], 5, NaN, 7, Infinity, -1, -Infinity, -3, 4);
  assert.deepEqual(replaceNonFinite(two, 'CYX'), { count: 3, blank: [] });
  assert.deepEqual([...two.data], [5, 5, 7, 5, -1, -3, -3, 4]);
});

test('the samples of a pixel are planes of their own', () => {
  const colours = image([1, 2, 3], 1, 10, NaN, NaN, 20, 200);
  assert.deepEqual(replaceNonFinite(colours, 'YXS'), { count: 2, blank: [] });
  assert.deepEqual([...colours.data], [1, 10, 200, 1, 20, 200]);
});

test('a plane of nothing else becomes zeros and is named by its number', () => {
  const four = image([2, 1, 2, 2], 1, 2, 3, 4, NaN, NaN, Infinity, NaN);
  assert.deepEqual(replaceNonFinite(four, 'TYXS'), { count: 4, blank: [2, 3] });
  assert.deepEqual([...four.data], [1, 2, 3, 4, 0, 0, 0, 0]);
});

test('where the axes have no names, planes are the last two', () => {
  const three = image([2, 1, 2], NaN, 8, 9, 10);
  assert.deepEqual(replaceNonFinite(three, 'QQQ'), { count: 1, blank: [] });
  assert.deepEqual([...three.data], [8, 8, 9, 10]);
});

test('numbers are left alone, even the largest and minus zero', () => {
  const plain = image([1, 4], -0, 3.4e38, -3.4e38, 1e-45);
  const before = [...plain.data];
  assert.deepEqual(replaceNonFinite(plain, 'YX'), { count: 0, blank: [] });
  assert.deepEqual([...plain.data], before);
});
