import { didYouMean } from '../../config/nearest.ts';

/** What a member of something that authors write may be; `allowed` says it in words that follow "must be". */
export interface Rule {
  readonly allowed: string;
  readonly accepts: (value: unknown) => boolean;
  readonly isOptional?: boolean;
}

/** Rules by the name of the member. */
export type Rules = Readonly<Record<string, Rule>>;

/** The same rule for a member that may be absent. */
export function orAbsent(rule: Rule): Rule {
  return { ...rule, isOptional: true };
}

export const A_FUNCTION: Rule = {
  allowed: 'a function',
  accepts: (value) => typeof value === 'function',
};

/** A text that is not empty. */
export function isWord(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** Text that matches. */
export function textLike(pattern: RegExp, allowed: string): Rule {
  return { allowed, accepts: (value) => typeof value === 'string' && pattern.test(value) };
}

/** A list, each of which is accepted. */
export function listOf(accepts: (one: unknown) => boolean, allowed: string): Rule {
  return { allowed, accepts: (value) => Array.isArray(value) && value.every(accepts) };
}

export function oneOf(...words: readonly string[]): Rule {
  const allowed = words.map((word) => `"${word}"`).join(' or ');
  return { allowed, accepts: (value) => words.some((word) => word === value) };
}

/** What is wrong with the members of an object, a sentence each. `kind` is what it is, such as "a workflow". */
export function memberProblems(value: object, rules: Rules, kind: string): string[] {
  const names = Object.keys(rules);
  const given = value as Readonly<Record<string, unknown>>;
  const strangers = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => {
      const hint = didYouMean(name, names) || ` There are ${names.join(', ')}.`;
      return `"${name}" is no part of ${kind}.${hint}`;
    });
  const wrong = Object.entries(rules).flatMap(([name, { allowed, accepts, isOptional }]) => {
    const member = given[name];
    if (member === undefined) {
      return isOptional ? [] : [`${name} is missing; it must be ${allowed}.`];
    }
    return accepts(member) ? [] : [`${name} is ${whatIs(member)}, but must be ${allowed}.`];
  });
  return [...strangers, ...wrong];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const LONGEST = 60;

/** A value as authors call it. */
export function whatIs(value: unknown): string {
  if (typeof value === 'string') return `the text "${value.slice(0, LONGEST)}"`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Promise) return 'a promise';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
