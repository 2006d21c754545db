import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markHMaxima } from '../../../../src/imaging/watershed/h-maxima/h-maxima.ts';
import { markBySweep } from '../../../../src/imaging/watershed/h-maxima/peak-sweep.ts';
import type { PlaneSize } from '../../../../src/imaging/plane.ts';
import { withScratch } from '../../../../src/imaging/scratch.ts';
import { randomPlanes } from '../../random-planes.ts';

const OPTIONS = [
  { h: 0.1, radius: 10 },
  { h: 0.075, radius: 2 },
  { h: 0.3, radius: 1 },
  { h: 0.1, radius: 3 },
  { h: 0.5, radius: 0 },
  { h: 1e-6, radius: 2 },
];

function disk(radius: number): [dy: number, dx: number][] {
  const span = Array.from({ length: 2 * radius + 1 }, (_, index) => index - radius);
  const square = span.flatMap((dy) => span.map((dx): [number, number] => [dy, dx]));
  return square.filter(([dy, dx]) => dy * dy + dx * dx <= radius * radius);
}

/** The definition as it is written: a reconstruction repeated until nothing changes. */
function slowHMaxima(
  plane: Float32Array,
  { rows, columns }: PlaneSize,
  { h, radius }: { h: number; radius: number },
): Uint8Array {
  const marks = new Uint8Array(plane.length);
  if (h > Math.fround(Math.max(...plane) - Math.min(...plane))) return marks;
  const { fround } = Math;
  const seeds = plane.map((value) =>
    fround(fround(value - fround(h)) - fround(fround(2e-6) * Math.abs(value))),
  );
  const reconstruction = seeds.map((seed) => (Number.isNaN(seed) ? -Infinity : seed));
  const steps = disk(radius);
  for (let changed = true; changed;) {
    changed = false;
    for (let p = 0; p < plane.length; p++) {
      const [row, column] = [Math.floor(p / columns), p % columns];
      for (const step of steps) {
        const y = row + step[0];
        const x = column + step[1];
        if (y < 0 || x < 0 || y >= rows || x >= columns) continue;
        const reached = Math.min(plane[p], reconstruction[y * columns + x]);
        if (!(reached > reconstruction[p])) continue;
        reconstruction[p] = reached;
        changed = true;
      }
    }
  }
  return marks.map((_, p) => (plane[p] - reconstruction[p] >= h ? 1 : 0));
}

test('finds what a plain reconstruction finds, and the same by sweeping', () => {
  for (const { name, plane, size } of randomPlanes(3)) {
    for (const options of OPTIONS) {
      const expected = slowHMaxima(plane, size, options);
      const what = `${name}, ${JSON.stringify(options)}`;
      const marks = new Uint8Array(plane.length);
      markHMaxima(plane, size, options, marks);
      assert.deepEqual(marks, expected, what);
      if (options.h > Math.fround(Math.max(...plane) - Math.min(...plane))) continue;
      const swept = new Uint8Array(plane.length);
      withScratch((scratch) => markBySweep(plane, size, options, swept, scratch));
      assert.deepEqual(swept, expected, what);
    }
  }
});

test('marks every number if h is zero', () => {
  const marks = new Uint8Array(4);
  markHMaxima(Float32Array.of(1, NaN, 0, 3), { rows: 2, columns: 2 }, { h: 0, radius: 2 }, marks);
  assert.deepEqual(marks, Uint8Array.of(1, 0, 1, 1));
});
