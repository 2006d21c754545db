import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reflectIndices } from '../../src/imaging/reflect.ts';
import { reflectList } from './normalize/reference-normalization.ts';

test('Reflection goes in rounds, as numpy 1 does it, however long the pads are.', () => {
  for (let length = 1; length < 8; length++) {
    for (let before = 0; before < 25; before += 3) {
      for (let after = 0; after < 25; after += 2) {
        assert.deepEqual(
          [...reflectIndices(length, before, after)],
          reflectList(length, before, after),
          `${before} + ${length} + ${after}`,
        );
      }
    }
  }
});
