import type { Setting, SettingValues } from './setting.ts';

/** The variables of a process: the only place that reads them. */
export type Environment = Readonly<Partial<Record<string, string>>>;

type Settings = Readonly<Record<string, Setting<unknown>>>;

/** The values of settings, or everything that is wrong with them. */
export interface Loaded<Declared> {
  readonly values: SettingValues<Declared>;
  /** One line for each mistake: the variable, its value, and what is allowed. */
  readonly problems: readonly string[];
  /** The names of the settings that the environment gives. */
  readonly given: ReadonlySet<string>;
}

/** Reads settings from the environment. A variable that is empty counts as unset, as in the Kiosk's charts. */
export function loadSettings<const Declared extends Settings>(
  declared: Declared,
  environment: Environment = process.env,
): Loaded<Declared> {
  const problems: string[] = [];
  const given = new Set<string>();
  const values = Object.entries(declared).map(([key, one]) => {
    const found = firstSet(one, environment);
    if (found === undefined) return [key, one.fallback];
    given.add(one.name);
    const value = one.parse(found.text.trim());
    if (value === undefined) problems.push(problem(one, found));
    return [key, value ?? one.fallback];
  });
  // Object.fromEntries forgets which value belongs to which key; the entries were made key by key from `declared`.
  return { values: Object.fromEntries(values) as SettingValues<Declared>, problems, given };
}

interface Found {
  readonly name: string;
  readonly text: string;
}

function firstSet(
  { name: first, aliases, ignores }: Setting<unknown>,
  environment: Environment,
): Found | undefined {
  for (const name of [first, ...aliases]) {
    const text = environment[name];
    if (text !== undefined && text.trim() !== '' && !ignores?.(text.trim())) return { name, text };
  }
  return undefined;
}

/** The names of all variables that are set. */
export function namesSet(environment: Environment = process.env): string[] {
  return Object.keys(environment).filter((name) => (environment[name] ?? '').trim() !== '');
}

function problem({ allowed, secret }: Setting<unknown>, { name, text }: Found): string {
  return `${name} is "${secret ? '***' : text}", but must be ${allowed}.`;
}

/** The variables of this process for one that it starts, but for those whose names match. */
export function variablesBut(
  names: RegExp,
  environment: Environment = process.env,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) =>
      value === undefined || names.test(name) ? [] : [[name, value]],
    ),
  );
}

/** The values of these variables, as far as they are set. */
export function setVariables(
  names: readonly string[],
  environment: Environment = process.env,
): Readonly<Record<string, string>> {
  const entries = names.map((name) => [name, environment[name] ?? ''] as const);
  return Object.fromEntries(entries.filter(([, text]) => text.trim() !== ''));
}
