import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TensorType } from '../../../src/ports.ts';
import { checkWholeNumbers } from '../../../src/stages/predict/whole-numbers.ts';

function check(type: TensorType, ...values: number[]): void {
  const input = { name: 'image', type, shape: undefined };
  checkWholeNumbers({ name: 'Nuclear', version: 6 }, input, Float32Array.from(values));
}

test('a normalized image is refused by a model that takes whole numbers', () => {
  for (const type of ['uint8', 'int32', 'uint16'] as const) {
    assert.throws(() => check(type, 0, 0.25, NaN, 1), {
      code: 'model_mismatch',
      message: new RegExp(
        `Nuclear:6 takes ${type}, but the values of the image are fractions up to 1`,
      ),
    });
  }
});

test('pixels as they were recorded are taken, and any image by a model that takes fractions', () => {
  check('uint8', 0, 1, 1);
  check('uint8', 0, 0.5, 200);
  check('int32', NaN, NaN);
  for (const type of ['float32', 'float16', 'bfloat16', 'float64'] as const) check(type, 0, 0.5, 1);
});
