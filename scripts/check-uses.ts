import { METRICS } from '../src/telemetry/catalogue.ts';
import { CORE_SETTINGS } from '../src/config/core-settings.ts';
import { ERROR_CATALOGUE } from '../src/error-catalogue.ts';
import type { SourceFile } from './check-tests.ts';

export interface Catalogue {
  /** What is wrong with a name that nothing uses. */
  readonly complaint: string;
  readonly names: readonly string[];
  /** How a use of a name reads. */
  readonly use: (name: string) => RegExp;
  /** Files that name all of them and use none. */
  readonly without: RegExp;
}

/** The SDK of Amazon reads these from the environment itself. */
const READ_BY_SDK = /^aws[A-Z]/;

const property = (name: string): RegExp => new RegExp(`\\b${name}\\b`);

const CATALOGUES: readonly Catalogue[] = [
  {
    complaint: 'is a setting that nothing reads',
    names: Object.keys(CORE_SETTINGS).filter((name) => !READ_BY_SDK.test(name)),
    use: property,
    without: /^src\/config\//,
  },
  {
    complaint: 'is a metric that nothing records',
    names: Object.keys(METRICS),
    use: property,
    without: /^src\/telemetry\/(catalogue|metrics\/first-values)\.ts$/,
  },
  {
    complaint: 'is the code of an error that nothing throws',
    names: Object.keys(ERROR_CATALOGUE),
    use: (code) => new RegExp(`'${code}'`),
    without: /^src\/(error-catalogue\.ts|telemetry\/runbooks\.ts)$/,
  },
];

/** One line for each setting, metric and code of an error that is declared and not used. */
export function unusedNames(
  sources: readonly SourceFile[],
  catalogues: readonly Catalogue[] = CATALOGUES,
): string[] {
  return catalogues.flatMap(({ complaint, names, use, without }) => {
    const text = sources
      .filter(({ path }) => !without.test(path))
      .map(({ source }) => source)
      .join('\n');
    return names.filter((name) => !use(name).test(text)).map((name) => `${name} ${complaint}`);
  });
}
