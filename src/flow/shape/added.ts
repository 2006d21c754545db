import { KnownError } from '../../errors.ts';
import type { AnyStage } from '../stage.ts';
import { arrayProblem, inWords, isArrayLike } from './array-problem.ts';
import { isObject } from './shape-rules.ts';

type Adding = Pick<AnyStage, 'name' | 'adds' | 'mayLack'>;

/**
 * What a stage returned, if it is what the stage says that it adds; else throws `bad_workflow`. The compiler
 * sees most of it in TypeScript; shapes it never sees, and in JavaScript nothing.
 */
export function requireAdded(stage: Adding, returned: unknown): object {
  const problem = addedProblem(stage, returned);
  if (problem !== undefined) {
    throw new KnownError('bad_workflow', `Stage "${stage.name}" ${problem}`);
  }
  // Nothing is wrong with it.
  return returned as object;
}

function addedProblem({ adds = [], mayLack = [] }: Adding, returned: unknown): string | undefined {
  if (!isObject(returned)) {
    const fields = adds.length === 0 ? '{} if it adds nothing' : `{ ${adds.join(', ')} }`;
    return `returned ${inWords(returned)}, but must return an object: ${fields}.`;
  }
  const missing = adds.find((name) => returned[name] === undefined && !mayLack.includes(name));
  if (missing !== undefined) {
    return `says that it adds "${missing}", but returned ${inWords(returned)}.`;
  }
  const wrong = Object.entries(returned).flatMap(([name, value]) => memberProblem(name, value));
  return wrong[0];
}

function memberProblem(name: string, value: unknown): string[] {
  if (name === 'output') return isOutput(value) ? [] : [outputProblem(value)];
  if (name === 'children' && !isSeries(value)) {
    return [`adds "children" that are ${inWords(value)}, but must be a list of jobs.`];
  }
  const arrays: readonly unknown[] = Array.isArray(value) ? value : [value];
  return arrays.flatMap((array) => {
    const problem = isArrayLike(array) ? arrayProblem(array) : undefined;
    return problem === undefined ? [] : [`adds "${name}", ${problem}`];
  });
}

function isOutput(value: unknown): boolean {
  return isObject(value) && isText(value['url']) && isText(value['fileName']);
}

function outputProblem(value: unknown): string {
  return (
    `adds "output" that is ${inWords(value)}, but must be { url, fileName }: where the result is. ` +
    'The stage upload leaves it.'
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isSeries(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Symbol.iterator in value || Symbol.asyncIterator in value;
}
