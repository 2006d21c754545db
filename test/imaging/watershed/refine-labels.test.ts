import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refineLabels } from '../../../src/imaging/watershed/refine-labels.ts';
import { randomLabels } from '../random-labels.ts';

const NOTHING = { labelErosion: 0, smallObjectsThreshold: 0, fillHolesThreshold: 0 };

/** Labels 1..n in their order, without those that have too few pixels. */
function renumbered(labels: Int32Array, least: number): Int32Array {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const kept = [...counts.keys()].filter((label) => label > 0 && (counts.get(label) ?? 0) >= least);
  kept.sort((a, b) => a - b);
  return labels.map((label) => kept.indexOf(label) + 1);
}

test('removes labels with too few pixels and renumbers the rest, in place', () => {
  for (const { name, labels, size } of randomLabels(10)) {
    const data = renumbered(labels, 1);
    const whole = { greatest: Math.max(...data), channel: { data, start: 0, step: 1 } };
    refineLabels(data, size, { ...NOTHING, smallObjectsThreshold: 15 }, whole);
    assert.deepEqual(data, renumbered(labels, 15), name);
  }
});

test('writes a channel of several, and leaves the others alone', () => {
  for (const { name, labels, size } of randomLabels(3)) {
    for (const smallObjectsThreshold of [0, 4]) {
      const data = new Int32Array(3 * labels.length).fill(7);
      const planes: Int32Array[] = [0, 1, 2].map(() => labels.map(() => 7));
      planes[1] = renumbered(labels, smallObjectsThreshold);
      const greatest = Math.max(...renumbered(labels, 0));
      const channel = { data, start: 1, step: 3 };
      refineLabels(
        renumbered(labels, 0),
        size,
        { ...NOTHING, smallObjectsThreshold },
        { greatest, channel },
      );
      const found = planes.map((_, start) => labels.map((__, i) => data[3 * i + start] ?? -1));
      assert.deepEqual(found, planes, name);
    }
  }
});
