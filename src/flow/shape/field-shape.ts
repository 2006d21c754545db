import { isWrittenByPrograms } from '../../job/known-fields.ts';
import type { JobField } from '../../job/job-field.ts';
import { A_FUNCTION, type Rules, isObject, memberProblems, textLike } from './shape-rules.ts';

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
  if (!Array.isArray(fields)) return [];
  const names = fields.map((one: unknown) => (isObject(one) ? one['name'] : undefined));
  const twice = new Set(names.filter((name, at) => names.indexOf(name) !== at));
  return [
    ...fields.flatMap((one: unknown, at) => (isObject(one) ? problemsOf(one, at + 1) : [])),
    ...Array.from(twice, (name) => `Two of its fields are called ${String(name)}.`),
  ];
}

function problemsOf(one: object, place: number): string[] {
  const wrong = memberProblems(one, FIELD, 'a field');
  const name = 'name' in one && typeof one.name === 'string' ? `"${one.name}"` : String(place);
  // Nothing is wrong with its shape.
  const all = wrong.length > 0 ? wrong : meaningProblems(one as JobField);
  return all.map((problem) => `Field ${name}: ${problem}`);
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
