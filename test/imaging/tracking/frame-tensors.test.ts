import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frameTensors } from '../../../src/imaging/tracking/frame-tensors.ts';

test('fills slots with the cells of a frame, and the others with zeros that count as neighbours', () => {
  const labels = { shape: [2, 6], data: Int32Array.of(0, 7, 0, 0, 0, 3, 0, 7, 0, 0, 0, 3) };
  const image = { shape: [2, 6, 1], data: Float32Array.from(labels.data) };
  const crop = { appearanceSize: 4, crop: 'resize' } as const;
  const tensors = frameTensors({ image, labels, slots: 3, neighbourDistance: 2, ...crop });
  assert.deepEqual(tensors.centroids, {
    shape: [1, 3, 2],
    data: Float32Array.of(0.5, 5, 0.5, 1, 0, 0),
  });
  assert.deepEqual(tensors.appearances.shape, [1, 3, 4, 4, 1]);
  assert.deepEqual(tensors.morphologies.shape, [1, 3, 3]);
  assert.deepEqual(tensors.adjacency.shape, [1, 3, 3]);
  assert.deepEqual(
    Array.from(tensors.adjacency.data, (link) => link > 0),
    [true, false, false, false, true, true, false, true, true],
  );
  assert.ok(tensors.appearances.data.buffer instanceof SharedArrayBuffer);
});

test('describes a frame without cells by zeros', () => {
  const tensors = frameTensors({
    image: { shape: [2, 3, 1], data: new Float32Array(6) },
    labels: { shape: [2, 3], data: new Int32Array(6) },
    slots: 2,
    neighbourDistance: 5,
    appearanceSize: 4,
    crop: 'fixed, normalized',
  });
  assert.ok(tensors.appearances.data.every((value) => value === 0));
  assert.deepEqual(tensors.centroids.data, new Float32Array(4));
});
