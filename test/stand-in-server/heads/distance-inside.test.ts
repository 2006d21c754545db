import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distanceInside } from '../../../src/stand-in-server/heads/distance-inside.ts';
import { samplePlane } from './sample-plane.ts';

const size = { rows: 15, columns: 17 };

function squares(isSet: Uint8Array): number[] {
  return Array.from(distanceInside(isSet, size), (distance) => Math.round(distance ** 2));
}

/* Expected numbers: scipy.ndimage.distance_transform_edt on the mask, padded by 40 pixels that are set. */

test('many small distances', () => {
  const found = squares(Uint8Array.from(samplePlane(size), (value) => (value > 0.151 ? 1 : 0)));
  assert.equal(
    found.reduce((sum, square) => sum + square),
    366,
  );
  assert.deepEqual(found.slice(0, 6), [0, 1, 2, 1, 1, 0]);
  assert.equal(Math.max(...found), 5);
});

test('two pixels that are not set', () => {
  const isSet = new Uint8Array(15 * 17).fill(1);
  isSet[3 * 17 + 4] = 0;
  isSet[12 * 17 + 15] = 0;
  const found = squares(isSet);
  assert.equal(
    found.reduce((sum, square) => sum + square),
    9826,
  );
  assert.equal(found[14 * 17], 137);
  assert.equal(Math.max(...found), 145);
});

test('all set, and none', () => {
  const everywhere = distanceInside(new Uint8Array(15 * 17).fill(1), size);
  assert.ok(everywhere.every((distance) => distance > 20 && Number.isFinite(distance)));
  assert.ok(distanceInside(new Uint8Array(15 * 17), size).every((distance) => distance === 0));
});
