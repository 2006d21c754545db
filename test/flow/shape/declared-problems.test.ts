import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declaredProblems } from '../../../src/flow/shape/declared-problems.ts';
import { textLike } from '../../../src/flow/shape/shape-rules.ts';

const declared = {
  kind: 'spot',
  rules: { name: textLike(/^[a-z]+$/, 'small letters') },
  meaning: ({ name }: { name: string }) => (name === 'odd' ? ['it is odd.'] : []),
};

test('each of a list is named by its name, or by its place; its meaning is asked once its shape is right', () => {
  const list = [{ name: 'fine' }, { name: 'odd' }, { name: 7 }, { name: 'X' }, 'no object'];
  assert.deepEqual(declaredProblems(list, declared), [
    'Spot "odd": it is odd.',
    'Spot 3: name is 7, but must be small letters.',
    'Spot "X": name is the text "X", but must be small letters.',
  ]);
});

test('two of one name are told; no list has no problems', () => {
  assert.deepEqual(declaredProblems([{ name: 'a' }, { name: 'a' }], declared), [
    'Two of its spots are called a.',
  ]);
  assert.deepEqual(declaredProblems(undefined, declared), []);
});
