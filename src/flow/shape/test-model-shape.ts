import { A_FUNCTION, type Rules, isObject, memberProblems, whatIs } from './shape-rules.ts';

const ID = /^[\w.-]+:\d+$/;

const MODEL: Rules = {
  input: {
    allowed:
      'rows, columns and channels of a tile, such as [256, 256, 1], or [-1, -1, 1] for any size',
    accepts: (value) =>
      Array.isArray(value) && value.length === 3 && value.every((side, at) => isSide(side, at < 2)),
  },
  predict: { ...A_FUNCTION, allowed: 'a function of a tile that returns a list of arrays' },
};

function isSide(side: unknown, mayBeAny: boolean): boolean {
  return Number.isInteger(side) && (Number(side) >= 1 || (mayBeAny && side === -1));
}

/** What is wrong with the test models of a workflow, a sentence each; nothing if it has none. */
export function testModelProblems(models: unknown): string[] {
  if (!isObject(models)) return [];
  return Object.entries(models).flatMap(([id, model]) => {
    if (!ID.test(id)) return [`"${id}" is no model; write its version too: "${id}:1".`];
    const problems = isObject(model)
      ? memberProblems(model, MODEL, 'a test model')
      : [`it is ${whatIs(model)}, but must be an object: { input: [256, 256, 1], predict }.`];
    return problems.map((problem) => `Test model "${id}": ${problem}`);
  });
}
