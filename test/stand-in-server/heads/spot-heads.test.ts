import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spotHeads } from '../../../src/stand-in-server/heads/spot-heads.ts';

const size = { rows: 64, columns: 64 };
/** Places between the pixels. */
const SPOTS = [
  [10.3, 20.8],
  [40.6, 33.1],
] as const;

/** Gaussian spots of a width of one pixel over a faint pattern. */
const plane = Float32Array.from({ length: 64 * 64 }, (_, at) => {
  const [row, column] = [Math.floor(at / 64), at % 64];
  const light = SPOTS.map(([y, x]) => Math.exp(-((row - y) ** 2 + (column - x) ** 2) / 2));
  return 0.1 + 0.005 * ((at * 7919) % 101) * 0.01 + 0.8 * Math.max(...light);
});

test('certain at spots, to a fraction of a pixel', () => {
  const { classification, offsets } = spotHeads(plane, size);
  for (const [y, x] of SPOTS) {
    const at = Math.round(y) * 64 + Math.round(x);
    assert.ok((classification[2 * at + 1] ?? 0) > 0.95);
    assert.ok(Math.abs(Math.round(y) + (offsets[2 * at] ?? 0) - y) < 0.1);
    assert.ok(Math.abs(Math.round(x) + (offsets[2 * at + 1] ?? 0) - x) < 0.1);
  }
});

test('uncertain everywhere else', () => {
  const { classification } = spotHeads(plane, size);
  const certain = Array.from({ length: 64 * 64 }, (_, at) => at).filter(
    (at) => (classification[2 * at + 1] ?? 0) > 0.95,
  );
  for (const at of certain) {
    const [row, column] = [Math.floor(at / 64), at % 64];
    assert.ok(SPOTS.some(([y, x]) => Math.hypot(row - y, column - x) < 4));
  }
});

test('a flat plane has no spots', () => {
  const { classification, offsets } = spotHeads(new Float32Array(64 * 64).fill(0.4), size);
  assert.ok(classification.every((value, at) => at % 2 === 0 || value < 0.5));
  assert.ok(offsets.every((value) => Math.abs(value) <= 0.5));
});
