import {
  A_FUNCTION,
  MILLISECONDS,
  type Rule,
  type Rules,
  isWord,
  listOf,
  memberProblems,
  oneOf,
  orAbsent,
  textLike,
} from './shape-rules.ts';

const A_NAME: Rule = { allowed: 'a name', accepts: isWord };
const FIELDS = orAbsent(listOf(A_NAME, "a list of names, such as ['image']"));
const WORD = orAbsent(textLike(/\S/, 'text'));

const STAGE: Rules = {
  name: textLike(/^[a-z][a-z0-9_]*$/, 'small letters, digits and underscores, such as find_cells'),
  concurrency: {
    allowed: 'a whole number from 1 to 10000: how many jobs may be in the stage at a time',
    accepts: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 10_000,
  },
  status: WORD,
  timing: WORD,
  timeoutMs: orAbsent(MILLISECONDS),
  retry: orAbsent(oneOf('unavailable')),
  remote: WORD,
  needs: FIELDS,
  adds: FIELDS,
  mayLack: FIELDS,
  frees: FIELDS,
  footprint: orAbsent({ ...A_FUNCTION, allowed: 'a function that returns a number of bytes' }),
  kernels: orAbsent(listOf(A_NAME, 'a list of names of kernels')),
  run: A_FUNCTION,
};

/** What is wrong with the members of a stage, a sentence each. */
export function stageShapeProblems(stage: object): string[] {
  return memberProblems(stage, STAGE, 'a stage');
}
