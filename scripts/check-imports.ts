import { dirname } from 'node:path/posix';
import { EXCLUSIVE_RULES, IMPORT_RULES } from './import-rules.ts';
import type { Import } from './read-imports.ts';

/** One line for each import that breaks a rule, and one for each cycle. */
export function importProblems(imports: readonly Import[]): string[] {
  return [...imports.flatMap((one) => brokenRules(one)), ...cycles(imports)];
}

function brokenRules(one: Import): string[] {
  return [...forbidden(one), ...exclusive(one)].map(
    ({ name, because }) =>
      `${one.from}:${one.line} must not import ${one.to}: ${name}, because ${because}`,
  );
}

interface Broken {
  readonly name: string;
  readonly because: string;
}

function forbidden({ from, to }: Import): Broken[] {
  const rule = IMPORT_RULES.find(({ files }) => covers(files, from));
  if (rule === undefined) {
    return [{ name: 'every-file-has-a-rule', because: `no rule covers ${dirname(from)}/` }];
  }
  const allowed = [rule.files, ...rule.may].some((each) => covers(each, to));
  return allowed ? [] : [rule];
}

function exclusive({ from, to }: Import): Broken[] {
  return EXCLUSIVE_RULES.filter(
    ({ targets, only }) =>
      targets.some((each) => covers(each, to)) &&
      !targets.some((each) => covers(each, from)) &&
      !only.some((each) => covers(each, from)),
  );
}

/** A folder covers what is inside, `node:` every Node module, anything else itself. */
function covers(pattern: string, path: string): boolean {
  return /[/:]$/.test(pattern) ? path.startsWith(pattern) : path === pattern;
}

/** Files that import each other in a circle: each circle once, as the files on it. */
function cycles(imports: readonly Import[]): string[] {
  const targets = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push(`cycle: ${[...path.slice(start), file].join(' -> ')}`);
    if (start >= 0 || done.has(file)) return;
    for (const { to } of targets.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of targets.keys()) visit(file, []);
  return found;
}
