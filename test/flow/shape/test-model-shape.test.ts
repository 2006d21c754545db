import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testModelProblems } from '../../../src/flow/shape/test-model-shape.ts';

const predict = (tile: unknown): unknown[] => [tile];

/** What authors write in place of a model, and what they hear of it. */
const MISTAKES: readonly (readonly [models: object, said: string])[] = [
  [{ Mine: {} }, '"Mine" is no model; write its version too: "Mine:1".'],
  [{ 'Mine:1': predict }, 'Test model "Mine:1": it is a function, but must be an object:'],
  [{ 'Mine:1': { predict } }, 'Test model "Mine:1": input is missing; it must be rows, columns'],
  [{ 'Mine:1': { input: [8, 8], predict } }, 'Test model "Mine:1": input is a list, but must be'],
  [{ 'Mine:1': { input: [8, 8, -1], predict } }, 'Test model "Mine:1": input is a list, but must'],
  [{ 'Mine:1': { input: [0, 8, 1], predict } }, 'Test model "Mine:1": input is a list, but must'],
  [{ 'Mine:1': { input: [8, 8, 1] } }, 'Test model "Mine:1": predict is missing; it must be a'],
  [
    { 'Mine:1': { input: [8, 8, 1], predict, output: 1 } },
    'Test model "Mine:1": "output" is no part of a test model. Did you mean input?',
  ],
];

for (const [models, said] of MISTAKES) {
  test(`it is told: ${said}`, () => {
    const [problem = '', ...more] = testModelProblems(models);
    assert.ok(problem.startsWith(said), problem);
    assert.deepEqual(more, []);
  });
}

test('models of a fixed size and of any have the right shape, and so has a workflow without', () => {
  const models = {
    'Mine:1': { input: [64, 64, 2], predict },
    'Any:2': { input: [-1, -1, 1], predict },
  };
  assert.deepEqual(testModelProblems(models), []);
  assert.deepEqual(testModelProblems(undefined), []);
});
