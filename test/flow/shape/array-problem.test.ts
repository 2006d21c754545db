import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrayProblem, inWords, isArrayLike } from '../../../src/flow/shape/array-problem.ts';

test('an array has as many numbers as its shape says', () => {
  const data = new Int32Array(6);
  assert.equal(arrayProblem({ shape: [2, 3], data }), undefined);
  assert.equal(
    arrayProblem({ shape: [2, 2], data }),
    'an array of shape [2, 2], which is 4 numbers, but its data have 6. ' +
      'Give the shape that the data have, axes of length 1 included.',
  );
  assert.match(arrayProblem({ shape: 6, data }) ?? '', /whose shape is 6, but must be a list/);
  assert.match(arrayProblem({ data }) ?? '', /^an object of data, but needs an array:/);
});

test('a value is called what it is', () => {
  assert.equal(inWords(Float32Array.of(1, 2)), 'a Float32Array of 2 numbers');
  assert.equal(inWords(new Map()), 'a Map');
  assert.equal(inWords({}), 'an object without members');
  assert.equal(inWords(null), 'null');
  const many = Object.fromEntries(Array.from('abcdefgh', (letter) => [letter, 1]));
  assert.equal(inWords(many), 'an object of a, b, c, d, e, f and 2 more');
});

test('only what has a shape and numbers is meant as an array', () => {
  assert.equal(isArrayLike({ shape: [9], data: Float32Array.of(1) }), true);
  assert.equal(isArrayLike({ shape: 'round', data: 'red' }), false);
});
