import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  countPixels,
  erodeEdges,
  relabelSequentially,
  removeSmallObjects,
} from '../../../src/imaging/watershed/label-operations.ts';
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

test('removes labels with too few pixels and renumbers the rest', () => {
  for (const { name, labels } of randomLabels(10)) {
    const counts = new Map<number, number>();
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    const kept = [...counts.keys()]
      .filter((label) => label > 0 && (counts.get(label) ?? 0) >= 15)
      .sort((a, b) => a - b);
    const changed = labels.slice();
    removeSmallObjects(changed, 15);
    assert.equal(relabelSequentially(changed), kept.length, name);
    assert.deepEqual(
      changed,
      labels.map((label) => kept.indexOf(label) + 1),
      name,
    );
  }
});

test('counts pixels by label', () => {
  assert.deepEqual(countPixels(Int32Array.of(0, 3, 3, 1)), Int32Array.of(1, 1, 0, 2));
});
