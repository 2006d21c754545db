import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageShapeProblems } from '../../../src/flow/shape/stage-shape.ts';

const RIGHT = { name: 'mine', concurrency: 1, run: async () => ({}) };

const MISTAKES: readonly (readonly [wrong: object, said: string])[] = [
  [{ name: 'My Stage' }, 'name is the text "My Stage", but must be small letters, digits and'],
  [{ concurrency: undefined }, 'concurrency is missing; it must be a whole number from 1 to 10000'],
  [{ concurrency: 0 }, 'concurrency is 0, but must be a whole number from 1 to 10000'],
  [{ concurrency: 'many' }, 'concurrency is the text "many", but must be a whole number'],
  [
    { needs: 'image' },
    `needs is the text "image", but must be a list of names, such as ['image'].`,
  ],
  [{ adds: [5] }, 'adds[0] is 5, but must be a name.'],
  [{ need: ['image'] }, '"need" is no part of a stage. Did you mean needs?'],
  [
    { timeoutMs: '5s' },
    'timeoutMs is the text "5s", but must be a number of milliseconds above 0.',
  ],
  [{ footprint: 5 }, 'footprint is 5, but must be a function that returns a number of bytes.'],
  [{ retry: 3 }, 'retry is 3, but must be "unavailable".'],
];

for (const [wrong, said] of MISTAKES) {
  test(`a stage with ${JSON.stringify(wrong)} is refused`, () => {
    const [problem = '', ...more] = stageShapeProblems({ ...RIGHT, ...wrong });
    assert.ok(problem.startsWith(said), problem);
    assert.deepEqual(more, []);
  });
}

test('a stage with all that it may say has no problems', () => {
  const full = { needs: [], adds: ['cells'], frees: [], kernels: ['countLabels'], timeoutMs: 5 };
  const rest = { status: 'counting', timing: 'count_time', remote: 'lims', retry: 'unavailable' };
  const stage = { ...RIGHT, ...full, ...rest, footprint: () => 0 };
  assert.deepEqual(stageShapeProblems(stage), []);
});
