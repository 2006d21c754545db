import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { parseSync } from 'oxc-parser';

/** One import of a file, types included: another file of the project, a package, or a Node module. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

/** Every import and re-export of a source file, static or with a literal `import('...')`. */
export function readImports(file: string, source = readFileSync(file, 'utf8')): Import[] {
  const { module, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...module.staticExports.flatMap(({ entries }) => entries[0]?.moduleRequest ?? []),
    ...module.dynamicImports.flatMap(({ moduleRequest }) => literal(source, moduleRequest)),
  ];
  return specifiers.map(({ value, start }) => ({
    from: file,
    to: target(file, value),
    line: source.slice(0, start).split('\n').length,
  }));
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function literal(source: string, { start, end }: Span): { value: string; start: number }[] {
  const [, value] = /^(?:'([^']*)')$/.exec(source.slice(start, end)) ?? [];
  return value === undefined ? [] : [{ value, start }];
}

function target(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return join(dirname(file), specifier);
  if (specifier.startsWith('node:')) return specifier;
  const [scopeOrName = '', name] = specifier.split('/');
  return scopeOrName.startsWith('@') ? `${scopeOrName}/${name}` : scopeOrName;
}
