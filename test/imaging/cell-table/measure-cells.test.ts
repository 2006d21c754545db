import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { readNpy } from '../../../src/formats/npy/npy.ts';
import { type CellTable, measureCells } from '../../../src/imaging/cell-table/measure-cells.ts';
import { randomLabels } from '../random-labels.ts';

/** Written by scikit-image: see fixtures/generate.py. */
const file = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const [header = [], ...rows] = file('expected.csv')
  .toString()
  .trim()
  .split('\n')
  .map((line) => line.split(','));

const stored = readNpy(file('labels.npy'));
const labels = { shape: stored.shape, data: Int32Array.from(stored.data) };
const pixels = readNpy(file('image.npy'));
const image = { shape: pixels.shape, data: Float32Array.from(pixels.data) };

const columns: Readonly<Record<string, (table: CellTable, cell: number) => number>> = {
  label: ({ labels: names }, cell) => names[cell],
  area: ({ area }, cell) => area[cell],
  row: ({ row }, cell) => row[cell],
  column: ({ column }, cell) => column[cell],
  top: ({ top }, cell) => top[cell],
  left: ({ left }, cell) => left[cell],
  bottom: ({ bottom }, cell) => bottom[cell],
  right: ({ right }, cell) => right[cell],
  eccentricity: ({ eccentricity }, cell) => eccentricity[cell],
  perimeter: ({ perimeter }, cell) => perimeter[cell],
  mean_0: ({ mean }, cell) => mean.data[2 * cell],
  mean_1: ({ mean }, cell) => mean.data[2 * cell + 1],
  integrated_0: ({ integrated }, cell) => integrated.data[2 * cell],
  integrated_1: ({ integrated }, cell) => integrated.data[2 * cell + 1],
};

describe('measureCells', () => {
  const table = measureCells({ labels, image });

  it('finds every cell, by ascending label', () => {
    assert.deepEqual(
      [...table.labels],
      rows.map(([label]) => Number(label)),
    );
  });

  for (const [at, name] of header.entries()) {
    it(`measures ${name} as regionprops does`, () => {
      for (const [cell, row] of rows.entries()) {
        const [expected, actual] = [Number(row[at]), columns[name]?.(table, cell) ?? NaN];
        // Sums of another order differ in their last digits; an eccentricity near 0 is the root of such a difference.
        const error = Math.abs(actual - expected) / Math.max(Math.abs(expected), 1);
        assert.ok(error < 1e-12, `cell ${row[0]}: ${actual}, not ${expected}`);
      }
    });
  }

  it('measures shapes without an image', () => {
    const shapes = measureCells({ labels });
    assert.deepEqual(shapes.perimeter, table.perimeter);
    assert.deepEqual(shapes.mean.shape, [rows.length, 0]);
  });

  it('gives an empty table where nothing is labelled', () => {
    const none = measureCells({ labels: { shape: [3, 4], data: new Int32Array(12) } });
    assert.equal(none.labels.length, 0);
    assert.equal(none.area.length, 0);
  });

  it('refuses an image of another size', () => {
    assert.throws(
      () => measureCells({ labels, image: { shape: [4, 5, 1], data: new Float32Array(20) } }),
      /90 × 110, but the image is 4 × 5/,
    );
  });

  it('finds as many pixels in boxes as were labelled, whatever the labels', () => {
    for (const { name, size, labels: data } of randomLabels(8)) {
      const found = measureCells({ labels: { shape: [size.rows, size.columns], data } });
      const labelled = data.reduce((sum, label) => sum + Number(label > 0), 0);
      assert.equal(
        found.area.reduce((sum, area) => sum + area, 0),
        labelled,
        name,
      );
      for (const [cell, bottom] of found.bottom.entries()) {
        const room = (bottom - found.top[cell]) * (found.right[cell] - found.left[cell]);
        assert.ok(found.area[cell] <= room, name);
        assert.ok(found.eccentricity[cell] >= 0 && found.eccentricity[cell] <= 1, name);
      }
    }
  });
});
