import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adjacencyOf } from '../../../src/imaging/tracking/adjacency.ts';
import { shapeOf } from '../../../src/imaging/tracking/cell-shape.ts';
import { findObjects } from '../../../src/imaging/tracking/frame-objects.ts';
import { randomLabels } from '../random-labels.ts';

test('finds the box, area and centroid of every label', () => {
  for (const { name, labels, size } of randomLabels(4)) {
    const present = [...new Set(labels)].filter((label) => label > 0).sort((a, b) => a - b);
    const objects = findObjects(labels, size);
    assert.deepEqual(
      objects.map(({ label }) => label),
      present,
      name,
    );
    for (const { label, area, centroid, top, bottom, left, right } of objects) {
      const pixels = [...labels.keys()].filter((pixel) => labels[pixel] === label);
      const rows = pixels.map((pixel) => Math.floor(pixel / size.columns));
      const columns = pixels.map((pixel) => pixel % size.columns);
      const mean = (values: number[]): number => values.reduce((sum, v) => sum + v, 0) / area;
      assert.equal(area, pixels.length, name);
      assert.deepEqual(centroid, [mean(rows), mean(columns)], name);
      assert.deepEqual([top, bottom - 1], [Math.min(...rows), Math.max(...rows)], name);
      assert.deepEqual([left, right - 1], [Math.min(...columns), Math.max(...columns)], name);
    }
  }
});

test('finds labels of any size, in memory that follows the pixels', () => {
  const labels = Int32Array.of(2 ** 31 - 1, 0, 3, 2 ** 31 - 1, -4, 0);
  const objects = findObjects(labels, { rows: 2, columns: 3 });
  assert.deepEqual(objects, [
    { label: 3, area: 1, centroid: [0, 2], top: 0, bottom: 1, left: 2, right: 3 },
    { label: 2 ** 31 - 1, area: 2, centroid: [0.5, 0], top: 0, bottom: 2, left: 0, right: 1 },
  ]);
});

test('measures simple shapes', () => {
  const square = shapeOf({ rows: 3, columns: 3, data: new Uint8Array(9).fill(1) });
  assert.deepEqual(square, { area: 9, perimeter: 8, eccentricity: 0 });
  const line = shapeOf({ rows: 1, columns: 5, data: new Uint8Array(5).fill(1) });
  assert.deepEqual(line, { area: 5, perimeter: 3, eccentricity: 1 });
});

test('takes cells for neighbours that are strictly nearer than the distance', () => {
  const centroids = { shape: [3, 2], data: Float32Array.of(0, 0, 3, 4, 0, 1) };
  const { data } = adjacencyOf(centroids, 5);
  assert.deepEqual(
    Array.from(data, (link) => link > 0),
    [true, false, true, false, true, true, true, true, true],
  );
});
