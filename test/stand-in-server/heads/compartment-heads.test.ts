import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compartmentHeads } from '../../../src/stand-in-server/heads/compartment-heads.ts';
import { discs } from './sample-plane.ts';

const size = { rows: 96, columns: 128 };
const CENTRES = [
  [30, 40],
  [60, 90],
] as const;
const nuclei = discs(size, CENTRES, 8);

/** Channel 1 of a pixelwise head. */
function interior(head: Float32Array, row: number, column: number): number {
  return head[3 * (row * 128 + column) + 1] ?? Number.NaN;
}

test('a cell is its nucleus and the bright surroundings of it', () => {
  const heads = compartmentHeads(nuclei, discs(size, CENTRES, 16), size);
  for (const [row, column] of CENTRES) {
    assert.equal(interior(heads.nuclearPixelwise, row, column), 1);
    assert.equal(interior(heads.nuclearPixelwise, row, column + 12), 0);
    assert.equal(interior(heads.cellPixelwise, row, column), 1);
    assert.ok(interior(heads.cellPixelwise, row, column + 12) > 0.5);
    assert.equal(interior(heads.cellPixelwise, row, column + 20), 0);
    assert.ok((heads.cellInner[row * 128 + column] ?? 0) > 0.4);
  }
});

test('without a second channel a cell is its nucleus', () => {
  const heads = compartmentHeads(nuclei, new Float32Array(96 * 128), size);
  assert.equal(interior(heads.cellPixelwise, 30, 40), 1);
  assert.equal(interior(heads.cellPixelwise, 30, 40 + 13), 0);
});

test('edge, interior and background are shares of one', () => {
  const { cellPixelwise } = compartmentHeads(nuclei, discs(size, CENTRES, 16), size);
  for (let at = 0; at < cellPixelwise.length; at += 3) {
    const sum =
      (cellPixelwise[at] ?? 0) + (cellPixelwise[at + 1] ?? 0) + (cellPixelwise[at + 2] ?? 0);
    assert.ok(Math.abs(sum - 1) < 1e-6);
  }
});
