import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CELLS, NUCLEI, distanceHeads } from '../../../src/stand-in-server/heads/distance-heads.ts';
import { discs } from './sample-plane.ts';

const size = { rows: 96, columns: 128 };
const CENTRES = [
  [30, 40],
  [60, 90],
] as const;

for (const [name, options, radius] of [
  ['nuclei', NUCLEI, 9],
  ['cells', CELLS, 16],
] as const) {
  test(`${name}: both heads rise towards the middle of each disc and are 0 outside`, () => {
    const { inner, outer } = distanceHeads(discs(size, CENTRES, radius), size, options);
    for (const head of [inner, outer]) {
      for (const [row, column] of CENTRES) {
        const middle = row * 128 + column;
        assert.ok((head[middle] ?? 0) > (head[middle + radius - 4] ?? 0) + 0.1);
        assert.equal(head[middle + radius + 3], 0);
      }
      assert.equal(head[0], 0);
    }
    assert.ok(outer.every((value) => value >= 0 && value <= 1));
  });
}

test('two discs that touch have a peak each', () => {
  const { inner } = distanceHeads(
    discs(
      size,
      [
        [48, 50],
        [48, 66],
      ],
      9,
    ),
    size,
    NUCLEI,
  );
  const at = (column: number): number => inner[48 * 128 + column] ?? 0;
  assert.ok(at(50) > at(58) + 0.1);
  assert.ok(at(66) > at(58) + 0.1);
});

test('a tile that is half padding shows the same as the whole', () => {
  const grain = (at: number): number => 0.02 * Math.sin(at * at);
  const plane = discs(size, CENTRES, 9).map((value, at) => value + grain(at));
  const whole = distanceHeads(plane, size, NUCLEI).inner;
  const padded = plane.map((value, at) => (at % 128 < 64 ? 0 : value));
  const half = distanceHeads(padded, size, NUCLEI).inner;
  const middle = 60 * 128 + 90;
  assert.ok(Math.abs((half[middle] ?? 0) - (whole[middle] ?? 0)) < 0.1);
  assert.ok(half.every((value, at) => value === 0 || (whole[at] ?? 0) > 0));
});

test('noise around a level is no object, whatever its range', () => {
  let state = 1;
  const noise = (): number => (state = (state * 48271) % 2147483647) / 2147483647;
  const plane = Float32Array.from(
    { length: 96 * 128 },
    () => 1000 + 50 * (noise() + noise() + noise()),
  );
  assert.ok(distanceHeads(plane, size, NUCLEI).inner.every((value) => value === 0));
  assert.ok(
    distanceHeads(new Float32Array(96 * 128), size, NUCLEI).inner.every((value) => value === 0),
  );
});
