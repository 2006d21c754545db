import assert from 'node:assert/strict';
import { test } from 'node:test';
import { erodeEdges } from '../../../src/imaging/watershed/erode-edges.ts';
import type { PlaneSize } from '../../../src/imaging/plane.ts';
import { randomLabels } from '../random-labels.ts';

/** One pass of the erosion. */
function slowErosion(labels: Int32Array, { rows, columns }: PlaneSize): Int32Array {
  return labels.map((label, pixel) => {
    const [row, column] = [Math.floor(pixel / columns), pixel % columns];
    const neighbours = [
      row > 0 ? labels[pixel - columns] : label,
      row < rows - 1 ? labels[pixel + columns] : label,
      column > 0 ? labels[pixel - 1] : label,
      column < columns - 1 ? labels[pixel + 1] : label,
    ];
    return neighbours.every((other) => other === label) ? label : 0;
  });
}

test('erodes as often as asked', () => {
  for (const { name, labels, size } of randomLabels(10)) {
    for (const passes of [0, 1, 3]) {
      let expected = labels;
      for (let pass = 0; pass < passes; pass++) expected = slowErosion(expected, size);
      const eroded = labels.slice();
      erodeEdges(eroded, size, passes);
      assert.deepEqual(eroded, expected, `${name}, ${passes} passes`);
    }
  }
});
