import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireAdded } from '../../../src/flow/shape/added.ts';

const stage = { name: 'count', adds: ['cells'] };
const four = Float32Array.of(1, 2, 3, 4);

const MISTAKES: readonly (readonly [returned: unknown, said: string])[] = [
  [undefined, 'Stage "count" returned undefined, but must return an object: { cells }.'],
  [5, 'Stage "count" returned 5, but must return an object: { cells }.'],
  [[1], 'Stage "count" returned a list, but must return an object: { cells }.'],
  [{ cels: 1 }, 'Stage "count" says that it adds "cells", but returned an object of cels.'],
  [
    { cells: { shape: [2, 3], data: four } },
    'Stage "count" adds "cells", an array of shape [2, 3], which is 6 numbers, but its data have 4.',
  ],
  [
    { cells: [{ shape: 'round', data: four }] },
    'Stage "count" adds "cells", an array whose shape is the text "round", but must be a list',
  ],
  [
    { cells: 1, output: 'a.zip' },
    'Stage "count" adds "output" that is the text "a.zip", but must be { url, fileName }: where',
  ],
  [
    { cells: 1, output: { url: '', fileName: 'a.zip' } },
    'Stage "count" adds "output" that is an object of url, fileName, but must be { url, fileName }',
  ],
  [{ cells: 1, children: 3 }, 'Stage "count" adds "children" that are 3, but must be a list'],
];

for (const [returned, said] of MISTAKES) {
  test(`what a stage returned is refused: ${said}`, () => {
    assert.throws(
      () => requireAdded(stage, returned),
      (error: { readonly code?: string; readonly message: string }) => {
        assert.equal(error.code, 'bad_workflow');
        assert.ok(error.message.startsWith(said), error.message);
        return true;
      },
    );
  });
}

test('what a stage says, and more, is passed on', () => {
  const returned = {
    cells: { shape: [2, 2], data: four },
    children: (async function* () {})(),
    output: { url: 'u', fileName: 'f' },
    note: null,
  };
  assert.equal(requireAdded(stage, returned), returned);
  assert.throws(() => requireAdded({ name: 'look' }, undefined), /\{\} if it adds nothing/);
});

test('a stage may leave out what it says that it may lack, and nothing else', () => {
  const found = { name: 'find', adds: ['stored', 'place'], mayLack: ['stored'] };
  assert.deepEqual(requireAdded(found, { place: 1 }), { place: 1 });
  assert.throws(() => requireAdded(found, {}), { code: 'bad_workflow', message: /adds "place"/ });
});
