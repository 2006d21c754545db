import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countLabels } from '../../src/imaging/count-labels.ts';

test('labels are counted in each channel, those of each image by themselves, whatever numbers they have', () => {
  const data = Int32Array.from([0, 1, 5, 0, 5, 2, 5, 3, 5, 0, 0, 3]);
  assert.deepEqual(countLabels({ labels: { shape: [1, 2, 3, 2], data } }), [1, 3]);
  assert.deepEqual(countLabels({ labels: { shape: [2, 2, 3, 1], data } }), [3 + 2]);
});

test('background alone is no cell', () => {
  const labels = { shape: [1, 2, 2, 1], data: new Int32Array(4) };
  assert.deepEqual(countLabels({ labels }), [0]);
});
