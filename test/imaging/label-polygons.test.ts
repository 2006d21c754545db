import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Ring, labelPolygons } from '../../src/imaging/label-polygons.ts';
import { randomLabels } from './random-labels.ts';

/** Labels drawn with letters: a point is background. */
function drawn(...lines: readonly string[]) {
  const text = lines.join('');
  const data = Int32Array.from(text, (letter) => (letter === '.' ? 0 : letter.charCodeAt(0) - 96));
  return { shape: [lines.length, lines[0]?.length ?? 0], data };
}

/** Twice the area, positive where the corners run counterclockwise. */
function doubleArea(ring: Ring): number {
  return ring.slice(1).reduce((sum, [x, y], at) => {
    const [fromX, fromY] = ring[at] ?? [0, 0];
    return sum + fromX * y - x * fromY;
  }, 0);
}

describe('labelPolygons', () => {
  it('runs along the edges of pixels, and has corners only where it turns', () => {
    const [square] = labelPolygons(drawn('....', '.aa.', '.aa.'));
    assert.deepEqual(square, {
      label: 1,
      polygons: [
        [
          [
            [1, 1],
            [3, 1],
            [3, 3],
            [1, 3],
            [1, 1],
          ],
        ],
      ],
    });
  });

  it('leaves out holes, also what another label fills', () => {
    const found = labelPolygons(drawn('aaaa', 'a.ba', 'aaaa'));
    assert.deepEqual(
      found.map(({ label, polygons }) => [label, polygons.map((rings) => rings.length)]),
      [
        [1, [2]],
        [2, [1]],
      ],
    );
    assert.deepEqual(found[0]?.polygons[0]?.map(doubleArea), [24, -4]);
  });

  it('takes pixels that touch at a corner for two pieces', () => {
    const [two] = labelPolygons(drawn('a.', '.a'));
    assert.deepEqual(
      two?.polygons.map((rings) => rings.map(doubleArea)),
      [[2], [2]],
    );
  });

  it('ends a hole where the piece around it touches itself at a corner', () => {
    const [ring] = labelPolygons(drawn('aaa', 'a.a', 'aa.'));
    assert.deepEqual(
      ring?.polygons.map((rings) => rings.map(doubleArea)),
      [[16, -2]],
    );
  });

  it('encloses as much as each label has pixels, in closed rings of the right direction', () => {
    for (const { name, size, labels: data } of randomLabels(12)) {
      const found = labelPolygons({ shape: [size.rows, size.columns], data });
      const names = [...new Set(data)].filter((label) => label > 0).toSorted((a, b) => a - b);
      assert.deepEqual(
        found.map(({ label }) => label),
        names,
        name,
      );
      for (const { label, polygons } of found) {
        const pixels = data.reduce((count, one) => count + Number(one === label), 0);
        const areas = polygons.map((rings) => rings.map(doubleArea));
        assert.equal(
          areas.flat().reduce((sum, area) => sum + area, 0),
          2 * pixels,
          `${name}, label ${label}`,
        );
        for (const [outer = 0, ...holes] of areas)
          assert.ok(outer > 0 && holes.every((hole) => hole < 0));
        for (const ring of polygons.flat()) assert.deepEqual(ring[0], ring.at(-1));
      }
    }
  });
});
