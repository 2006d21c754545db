import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSpotHeads } from '../../../src/imaging/spots/check-spot-heads.ts';

/** Two planes of 2 × 2. */
const shape = [2, 2, 2, 1];
const image = { shape, data: Float32Array.of(7, 7, 7, 7, 1, 2, 3, 4) };
const answer = (...data: number[]) => ({ shape, data: Float32Array.from(data) });

test('a constant plane, which the model is given as NaN, may be answered with NaN', () => {
  checkSpotHeads(image, [answer(NaN, NaN, NaN, NaN, 0, 0.1, 0.2, 1)]);
});

test('NaN or infinity for any other plane is refused, in whichever output', () => {
  const good = answer(0, 0, 0, 0, 0, 0, 0, 1);
  for (const value of [NaN, Infinity]) {
    assert.throws(() => checkSpotHeads(image, [good, answer(0, 0, 0, 0, 0, value, value, 0)]), {
      code: 'model_mismatch',
      message: /^2 values that the model gave for image 1 are NaN or infinite/,
    });
  }
});
