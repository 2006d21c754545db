import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maximumFilter } from '../../../src/imaging/watershed/maximum-filter.ts';
import { randomPlanes } from '../random-planes.ts';

test('gives the greatest value of each square', () => {
  for (const { name, plane, size } of randomPlanes(1)) {
    if (plane.some(Number.isNaN)) continue;
    for (const radius of [1, 2, 10]) {
      const found = new Float32Array(plane.length);
      maximumFilter(plane, size, { radius, outside: -Infinity }, found);
      const expected = plane.map((_, pixel) => {
        const [row, column] = [Math.floor(pixel / size.columns), pixel % size.columns];
        return plane.reduce((greatest, value, other) => {
          const down = Math.abs(Math.floor(other / size.columns) - row);
          const across = Math.abs((other % size.columns) - column);
          return down <= radius && across <= radius ? Math.max(greatest, value) : greatest;
        }, -Infinity);
      });
      assert.deepEqual(found, expected, `${name}, radius ${radius}`);
    }
  }
});

test('sees what is outside', () => {
  const found = new Float32Array(3);
  const size = { rows: 1, columns: 3 };
  maximumFilter(Float32Array.of(-3, -2, -1), size, { radius: 1, outside: 0 }, found);
  assert.deepEqual(found, Float32Array.of(0, 0, 0));
});
