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
          highPixels.listAround(at, value, h, found);
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
        }
      });
    }
  }
});
