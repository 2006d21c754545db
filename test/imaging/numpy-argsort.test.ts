import assert from 'node:assert/strict';
import { test } from 'node:test';
import { argsortLikeNumpy } from '../../src/imaging/numpy-argsort.ts';
import { seededRandom } from '../../src/seeded-random.ts';

test('sorts any number of keys', () => {
  const random = seededRandom(1);
  for (const length of [0, 1, 2, 16, 17, 18, 100, 3000]) {
    const keys = Float64Array.from({ length }, random);
    const sorted = Float64Array.from(argsortLikeNumpy(keys), (index) => keys[index]);
    assert.deepEqual(sorted, keys.toSorted());
  }
});

test('keeps few equal keys in order, as insertion does', () => {
  assert.deepEqual(argsortLikeNumpy(Float32Array.of(1, 0, 1, 0, 1)), Int32Array.of(1, 3, 0, 2, 4));
});
