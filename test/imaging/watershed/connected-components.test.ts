import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labelComponents } from '../../../src/imaging/watershed/connected-components.ts';
import type { PlaneSize } from '../../../src/imaging/plane.ts';
import { withScratch } from '../../../src/imaging/scratch.ts';
import { randomPlanes } from '../random-planes.ts';

/** Gives every pixel the least number among its neighbours until nothing changes, then numbers what is left. */
function slowComponents(mask: Uint8Array, { rows, columns }: PlaneSize): Int32Array {
  const firsts = Int32Array.from(mask, (member, pixel) => (member > 0 ? pixel : -1));
  for (let changed = true; changed;) {
    changed = false;
    for (let pixel = 0; pixel < mask.length; pixel++) {
      if (mask[pixel] === 0) continue;
      for (let step = 0; step < 9; step++) {
        const row = Math.floor(pixel / columns) + Math.floor(step / 3) - 1;
        const column = (pixel % columns) + (step % 3) - 1;
        if (row < 0 || column < 0 || row >= rows || column >= columns) continue;
        const other = firsts[row * columns + column] ?? -1;
        if (other < 0 || other >= (firsts[pixel] ?? 0)) continue;
        firsts[pixel] = other;
        changed = true;
      }
    }
  }
  const order = [...new Set(firsts)].filter((first) => first >= 0);
  return firsts.map((first) => order.indexOf(first) + 1);
}

test('numbers 8-connected components by their first pixel', () => {
  for (const { name, plane, size } of randomPlanes(2)) {
    const mask = Uint8Array.from(plane, (value) => (value > 0.6 ? 1 : 0));
    const expected = slowComponents(mask, size);
    const { labels, count } = withScratch((scratch) => {
      const components = labelComponents(mask, size, scratch);
      const drawn = new Int32Array(plane.length);
      components.pixels.forEach((pixel, index) => (drawn[pixel] = components.labels[index] ?? 0));
      return { labels: drawn, count: components.count };
    });
    assert.equal(count, Math.max(...expected), name);
    assert.deepEqual(labels, expected, name);
  }
});
