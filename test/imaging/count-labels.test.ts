import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countLabels } from '../../src/imaging/count-labels.ts';

test('labels are counted in each channel, those of each image by themselves, whatever numbers they have', () => {
  const data = Int32Array.from([0, 1, 5, 0, 5, 2, 5, 3, 5, 0, 0, 3]);
  assert.deepEqual(countLabels({ labels: { shape: [1, 2, 3, 2], data } }), [1, 3]);
  assert.deepEqual(countLabels({ labels: { shape: [2, 2, 3, 1], data } }), [3 + 2]);
});

test('a label may be any number', () => {
  const data = Int32Array.from([0, 70_000, 200_000, 70_000, 1, 1, 65_536, 65_535]);
  assert.deepEqual(countLabels({ labels: { shape: [1, 2, 4, 1], data } }), [5]);
  assert.deepEqual(countLabels({ labels: { shape: [2, 1, 4, 1], data } }), [2 + 3]);
});

test('background alone is no cell', () => {
  const labels = { shape: [1, 2, 2, 1], data: new Int32Array(4) };
  assert.deepEqual(countLabels({ labels }), [0]);
});
