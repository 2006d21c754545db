import { isWrittenByPrograms } from '../../job/known-fields.ts';
import type { JobField } from '../../job/job-field.ts';
import { declaredProblems } from './declared-problems.ts';
import { A_FUNCTION, type Rules, textLike } from './shape-rules.ts';

const WORDS = textLike(/\S/, 'text');

const FIELD: Rules = {
  name: textLike(/^[^\s=]+$/, 'one word, such as least_size'),
  summary: textLike(/\S/, 'a sentence'),
  allowed: WORDS,
  fallback: WORDS,
  example: WORDS,
  accepts: { ...A_FUNCTION, allowed: 'a function of the text that returns true or false' },
};

/** What is wrong with the fields that a workflow declares, a sentence each; nothing if it declares none. */
export function fieldProblems(fields: unknown): string[] {
  return declaredProblems(fields, { kind: 'field', rules: FIELD, meaning: meaningProblems });
}

function meaningProblems({ name, example, allowed, accepts }: JobField): string[] {
  if (isWrittenByPrograms(name)) {
    return ['programs write a field of this name themselves; call yours something else.'];
  }
  return isAccepted(accepts, example)
    ? []
    : [`its example is "${example}", which it does not accept: it must be ${allowed}.`];
}

function isAccepted(accepts: JobField['accepts'], text: string): boolean {
  try {
    return accepts(text);
  } catch {
    return false;
  }
}
