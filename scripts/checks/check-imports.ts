import { dirname } from 'node:path/posix';
import { EXCLUSIVE_RULES, IMPORT_RULES } from './import-rules.ts';
import type { Import } from './read-imports.ts';

/** One line for each import that breaks a rule, and one for each cycle of files or of folders. */
export function importProblems(imports: readonly Import[]): string[] {
  return [...imports.flatMap((one) => brokenRules(one)), ...cycles(imports)];
}

function brokenRules(one: Import): string[] {
  return [...forbidden(one), ...exclusive(one)].map(
    ({ name, because }) =>
      `${one.from}:${one.line} must not import ${one.to}: ${name}, because ${because} (scripts/checks/import-rules.ts)`,
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

/**
 * Files and folders that import each other in a circle, at each level of folders: each circle once, as the names
 * on it, with an import for each step.
 */
function cycles(imports: readonly Import[]): string[] {
  const steps = imports.filter(({ to }) => to.startsWith('src/')).map(stepOf);
  return [...Map.groupBy(steps, ({ folder }) => folder)].flatMap(([folder, inside]) =>
    circles(inside).map((path) => `cycle in ${folder}/: ${inWords(path)}`),
  );
}

/** An import as a step between two files or folders of the deepest folder that holds both ends. */
interface Step extends Import {
  readonly folder: string;
  readonly parts: readonly [string, string];
}

function stepOf(one: Import): Step {
  const [from, to] = [one.from.split('/'), one.to.split('/')];
  const depth = from.findIndex((part, at) => part !== to[at]);
  return {
    ...one,
    folder: from.slice(0, depth).join('/'),
    parts: [from[depth] ?? '', to[depth] ?? ''],
  };
}

function circles(steps: readonly Step[]): (readonly Step[])[] {
  const targets = Map.groupBy(steps, ({ parts }) => parts[0]);
  const done = new Set<string>();
  const found: (readonly Step[])[] = [];
  const visit = (part: string, path: readonly Step[]): void => {
    const start = path.findIndex(({ parts }) => parts[0] === part);
    if (start >= 0) found.push(path.slice(start));
    if (start >= 0 || done.has(part)) return;
    for (const step of targets.get(part) ?? []) visit(step.parts[1], [...path, step]);
    done.add(part);
  };
  for (const part of targets.keys()) visit(part, []);
  return found;
}

function inWords(path: readonly Step[]): string {
  const names = [...path.map(({ parts }) => parts[0]), path[0]?.parts[0]].join(' -> ');
  return `${names} (${path.map(({ from, line, to }) => `${from}:${line} imports ${to}`).join('; ')})`;
}
