import { type Rules, isObject, memberProblems } from './shape-rules.ts';

interface Declared<One> {
  /** What each is called, such as `metric`. */
  readonly kind: string;
  readonly rules: Rules;
  /** What is wrong with one whose members are as the rules say, a sentence each. */
  readonly meaning: (one: One) => readonly string[];
}

/**
 * What is wrong with the named things that a workflow declares in a list, a sentence each; nothing if it
 * declares none.
 */
export function declaredProblems<One>(list: unknown, declared: Declared<One>): string[] {
  if (!Array.isArray(list)) return [];
  const names = list.map((one: unknown) => (isObject(one) ? one['name'] : undefined));
  const twice = new Set(names.filter((name, at) => names.indexOf(name) !== at));
  return [
    ...list.flatMap((one: unknown, at) => (isObject(one) ? problemsOf(one, at + 1, declared) : [])),
    ...Array.from(twice, (name) => `Two of its ${declared.kind}s are called ${String(name)}.`),
  ];
}

function problemsOf<One>(
  one: Readonly<Record<string, unknown>>,
  place: number,
  { kind, rules, meaning }: Declared<One>,
): string[] {
  const wrong = memberProblems(one, rules, `a ${kind}`);
  const name = typeof one['name'] === 'string' ? `"${one['name']}"` : String(place);
  // Nothing is wrong with its shape: it has the type that the rules describe.
  const all = wrong.length > 0 ? wrong : meaning(one as One);
  const start = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  return all.map((problem) => `${start} ${name}: ${problem}`);
}
