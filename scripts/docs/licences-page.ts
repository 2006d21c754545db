import { readFileSync } from 'node:fs';

/** A package that is part of the product. */
interface Dependency {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as the package declares it. */
  readonly licence: string;
}

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

/** Licences that ask for no more than to be named. */
const ALLOWED = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Public Domain',
];

/** What licences of compiled parts, which no package names, ask to be said. */
const NOTICES = [
  '`@cornerstonejs/codec-libjpeg-turbo-8bit` contains libjpeg-turbo (IJG, BSD-3-Clause and zlib licences). This software is based in part on the work of the Independent JPEG Group.',
];

/** The page that lists what the product is made of, and under which licences. */
export function licencesPage(): string {
  const rows = readDependencies().map(
    ({ name, version, licence }) => `| \`${name}\` | ${version} | ${licence} |`,
  );
  return [
    '# Licences\n',
    'The packages that run in production, from `package-lock.json`. `npm run sbom` writes the same as a CycloneDX file; the image holds it as `/app/sbom.json`.\n',
    '| package | version | licence |',
    '|---|---|---|',
    ...rows,
    '',
    ...NOTICES,
    '',
  ].join('\n');
}

/** One line for each package whose licence is not allowed. */
export function licenceProblems(dependencies = readDependencies()): string[] {
  return dependencies
    .filter(({ licence }) => !isAllowed(licence))
    .map(
      ({ name, version, licence }) =>
        `${name} ${version} has the licence "${licence}"; allowed are ${ALLOWED.join(', ')}`,
    );
}

/** Every part of `A AND B` must be allowed, and one part of `A OR B`. */
function isAllowed(expression: string): boolean {
  const words = expression.replaceAll(/^\(|\)$/g, '');
  if (words.includes(' AND ')) return words.split(' AND ').every(isAllowed);
  if (words.includes(' OR ')) return words.split(' OR ').some(isAllowed);
  return ALLOWED.includes(words);
}

function readDependencies(): Dependency[] {
  // npm writes this file, in this form.
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const rows = Object.entries(packages)
    .filter(([path, { dev, optional, devOptional }]) => path && !dev && !optional && !devOptional)
    .map(([path, { version = '', license = 'none' }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
    }));
  return [...new Map(rows.map((row) => [`${row.name} ${row.version}`, row])).values()].toSorted(
    (a, b) => (`${a.name} ${a.version}` < `${b.name} ${b.version}` ? -1 : 1),
  );
}
