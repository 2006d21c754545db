import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  A_FUNCTION,
  listOf,
  memberProblems,
  oneOf,
  orAbsent,
  textLike,
  whatIs,
} from '../../../src/flow/shape/shape-rules.ts';

const RULES = {
  act: A_FUNCTION,
  word: textLike(/^a/, 'a word with a'),
  many: orAbsent(listOf({ allowed: '1', accepts: (one) => one === 1 }, 'a list of ones')),
  kind: orAbsent(oneOf('small', 'large')),
};
const problems = (value: object): string[] => memberProblems(value, RULES, 'a thing');

test('what follows its rules has no problems', () => {
  assert.deepEqual(problems({ act: () => 1, word: 'abc' }), []);
  assert.deepEqual(problems({ act: () => 1, word: 'a', many: [1, 1], kind: 'large' }), []);
});

test('each member that does not is told with what it is and may be', () => {
  assert.deepEqual(problems({ word: 'b', many: [1, 2], kind: 'huge' }), [
    'act is missing; it must be a function.',
    'word is the text "b", but must be a word with a.',
    'many[1] is 2, but must be 1.',
    'kind is the text "huge", but must be "small" or "large".',
  ]);
});

test('a member that nobody reads is told with the one that was meant, or with all', () => {
  assert.deepEqual(problems({ act: () => 1, word: 'a', mani: [1], elsewhere: 1 }), [
    '"mani" is no part of a thing. Did you mean many?',
    '"elsewhere" is no part of a thing. There are act, word, many, kind.',
  ]);
});

test('values are called what authors call them', () => {
  const values = [undefined, null, 5, 'x', [], {}, () => 1, Promise.resolve()];
  assert.deepEqual(values.map(whatIs), [
    'undefined',
    'null',
    '5',
    'the text "x"',
    'a list',
    'an object',
    'a function',
    'a promise',
  ]);
});
