import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IntegerList } from '../../../../src/imaging/integer-list.ts';
import { withScratch } from '../../../../src/imaging/scratch.ts';
import { HighPixels } from '../../../../src/imaging/watershed/h-maxima/high-pixels.ts';
import { padPlane } from '../../../../src/imaging/watershed/h-maxima/padded-plane.ts';
import { randomPlanes } from '../../random-planes.ts';

test('lists the pixels of a disk that are less than h below a value', () => {
  const h = 0.3;
  for (const { name, plane, size } of randomPlanes(1)) {
    for (const radius of [2, 5, 10]) {
      withScratch((scratch) => {
        const padded = padPlane(plane, size, radius, scratch);
        const highPixels = new HighPixels(padded, radius, scratch);
        for (let pixel = 0; pixel < plane.length; pixel += 17) {
          const [row, column] = [Math.floor(pixel / size.columns), pixel % size.columns];
          const value = plane[pixel] ?? NaN;
          const found = new IntegerList();
          const at = padded.origin + row * padded.stride + column;
          highPixels.listAround(at, { value, h, bound: Infinity }, found);
          const expected = [...plane.keys()].filter((other) => {
            const [y, x] = [Math.floor(other / size.columns), other % size.columns];
            const isNear = (y - row) ** 2 + (x - column) ** 2 <= radius ** 2;
            return isNear && value - (plane[other] ?? NaN) < h;
          });
          const places = expected.map((other) => {
            const y = Math.floor(other / size.columns);
            return padded.origin + y * padded.stride + (other % size.columns);
          });
          assert.deepEqual(
            [...found.items()].sort((a, b) => a - b),
            places,
            `${name}, ${radius}`,
          );
          const higher = expected.filter((other) => (plane[other] ?? NaN) > value + 0.1);
          if (highPixels.holdsAbove(at, value + 0.1)) assert.ok(higher.length > 0, name);
          const first = new IntegerList();
          highPixels.listAround(at, { value, h, bound: value + 0.1 }, first);
          assert.deepEqual(first.items(), found.items().subarray(0, first.length));
          const last = padded.values[first.at(first.length - 1)] ?? NaN;
          assert.equal(first.length > 0 && last > value + 0.1, higher.length > 0, name);
        }
      });
    }
  }
});
