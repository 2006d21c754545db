import { METRICS } from '../../src/telemetry/catalogue.ts';
import { CORE_SETTINGS } from '../../src/config/core-settings.ts';
import { ERROR_CATALOGUE } from '../../src/errors.ts';
import type { SourceFile } from './check-tests.ts';
import { syntaxOf, visit } from './read-syntax.ts';

export interface Catalogue {
  /** What is wrong with a name that nothing uses, and what to do. */
  readonly complaint: string;
  readonly names: readonly string[];
  /** Whether names are read as properties, `core.name` or `{ name } = core`, or stand in quotes. */
  readonly usedAs: 'property' | 'text';
  /** Files that name all of them and use none. */
  readonly without: RegExp;
}

/** The SDK of Amazon reads these from the environment itself. */
const READ_BY_SDK = /^aws[A-Z]/;

const CATALOGUES: readonly Catalogue[] = [
  {
    complaint:
      'is a setting that nothing reads: pass it on where src/consumer/ puts the parts together',
    names: Object.keys(CORE_SETTINGS).filter((name) => !READ_BY_SDK.test(name)),
    usedAs: 'property',
    without: /^src\/config\//,
  },
  {
    complaint: 'is a metric that nothing records: record it in src/telemetry/metrics/record-*.ts',
    names: Object.keys(METRICS),
    usedAs: 'property',
    without: /^src\/telemetry\/(catalogue|metrics\/initialize-metrics)\.ts$/,
  },
  {
    complaint: 'is the code of an error that nothing throws: throw it, or take it out',
    names: Object.keys(ERROR_CATALOGUE),
    usedAs: 'text',
    without: /^src\/(errors\/|telemetry\/runbooks\.ts$)/,
  },
];

/** One line for each setting, metric and code of an error that is declared and not used. */
export function unusedNames(
  sources: readonly SourceFile[],
  catalogues: readonly Catalogue[] = CATALOGUES,
): string[] {
  const files = sources.map((file) => ({ ...file, properties: propertiesRead(file) }));
  return catalogues.flatMap(({ complaint, names, usedAs, without }) => {
    const users = files.filter(({ path }) => !without.test(path));
    const isUsed = (name: string): boolean =>
      usedAs === 'text'
        ? users.some(({ source }) => source.includes(`'${name}'`))
        : users.some(({ properties }) => properties.has(name));
    return names.filter((name) => !isUsed(name)).map((name) => `${name} ${complaint}`);
  });
}

/** Names behind a dot, and names that an object is taken apart into. */
function propertiesRead({ path, source }: SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  visit(syntaxOf(path, source), {
    MemberExpression: ({ computed, property }) => {
      if (!computed && property.type === 'Identifier') names.add(property.name);
    },
    ObjectPattern: ({ properties }) => {
      for (const each of properties)
        if (each.type === 'Property' && each.key.type === 'Identifier') names.add(each.key.name);
    },
  });
  return names;
}
