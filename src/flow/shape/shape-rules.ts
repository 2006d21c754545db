import { didYouMean } from '../../config/nearest.ts';

/** What a member of something that authors write may be; `allowed` says it in words that follow "must be". */
export interface Rule {
  readonly allowed: string;
  readonly accepts: (value: unknown) => boolean;
  readonly isOptional?: boolean;
  /** What each member of a list must be. */
  readonly each?: Rule;
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

export const MILLISECONDS: Rule = {
  allowed: 'a number of milliseconds above 0',
  accepts: (value) => Number.isFinite(value) && Number(value) > 0,
};

/** A text that is not empty. */
export function isWord(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** Text that matches. */
export function textLike(pattern: RegExp, allowed: string): Rule {
  return { allowed, accepts: (value) => typeof value === 'string' && pattern.test(value) };
}

/** A list of what a rule accepts. */
export function listOf(each: Rule, allowed: string): Rule {
  return { allowed, accepts: (value) => Array.isArray(value) && value.every(each.accepts), each };
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
  const wrong = Object.entries(rules).flatMap(([name, rule]) => {
    const member = given[name];
    if (member === undefined) {
      return rule.isOptional ? [] : [`${name} is missing; it must be ${rule.allowed}.`];
    }
    return rule.accepts(member) ? [] : [`${refusal(name, member, rule)}.`];
  });
  return [...strangers, ...wrong];
}

/** Of a list, which of its members is wrong. */
function refusal(name: string, value: unknown, { allowed, each }: Rule): string {
  const at = Array.isArray(value) && each ? value.findIndex((one) => !each.accepts(one)) : -1;
  if (each === undefined || at < 0) return `${name} is ${whatIs(value)}, but must be ${allowed}`;
  // It is a list.
  return refusal(`${name}[${at}]`, (value as readonly unknown[])[at], each);
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
