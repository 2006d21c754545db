import {
  A_FUNCTION,
  type Rules,
  isWord,
  listOf,
  memberProblems,
  oneOf,
  orAbsent,
  textLike,
} from './shape-rules.ts';

const FIELDS = orAbsent(listOf(isWord, "a list of names, such as ['image']"));
const WORD = orAbsent(textLike(/\S/, 'text'));

const STAGE: Rules = {
  name: textLike(/^[a-z][a-z0-9_]*$/, 'small letters, digits and underscores, such as find_cells'),
  concurrency: {
    allowed: 'a whole number from 1 to 10000: how many jobs may be in the stage at a time',
    accepts: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 10_000,
  },
  status: WORD,
  timing: WORD,
  timeoutMs: orAbsent({
    allowed: 'a number of milliseconds above 0',
    accepts: (value) => Number.isFinite(value) && Number(value) > 0,
  }),
  waitsFor: orAbsent(oneOf('models')),
  retry: orAbsent(oneOf('unavailable')),
  remote: WORD,
  needs: FIELDS,
  adds: FIELDS,
  mayLack: FIELDS,
  frees: FIELDS,
  footprint: orAbsent({ ...A_FUNCTION, allowed: 'a function that returns a number of bytes' }),
  kernels: orAbsent(listOf(isWord, 'a list of names of kernels')),
  run: A_FUNCTION,
};

/** What is wrong with the members of a stage, a sentence each. */
export function stageShapeProblems(stage: object): string[] {
  return memberProblems(stage, STAGE, 'a stage');
}
