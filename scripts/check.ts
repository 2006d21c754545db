/* The checks of our own: imports, names, sizes, loops in closures, what nothing uses, fields of hashes, tests that are missing or do not run, licences, generated pages. */
import { globSync, readFileSync } from 'node:fs';
import { closureProblems } from './checks/check-closures.ts';
import { unlistedFields } from './checks/check-fields.ts';
import { importProblems } from './checks/check-imports.ts';
import { nameProblems } from './checks/check-names.ts';
import {
  type SourceFile,
  testProblems,
  togetherProblems,
  untestedFiles,
} from './checks/check-tests.ts';
import { unusedNames } from './checks/check-uses.ts';
import { crowdedFolders, longLines } from './checks/check-sizes.ts';
import { formatProblems } from './docs/formats-page.ts';
import { licenceProblems } from './docs/licences-page.ts';
import { stalePages } from './generate-docs.ts';
import { readImports } from './checks/read-imports.ts';

const sources = globSync('src/**/*.ts').toSorted();
const tests = globSync('test/**/*.ts').toSorted();
const others = globSync('{bench,scripts,grafana,deploy}/**/*.ts').toSorted();

const read = (path: string): SourceFile => ({ path, source: readFileSync(path, 'utf8') });

const problems = [
  ...importProblems(sources.flatMap((file) => readImports(file))),
  ...nameProblems([...sources, ...tests, ...others]),
  ...testProblems(tests.map(read)),
  ...togetherProblems(tests.map(read)),
  ...untestedFiles(sources.map(read), tests),
  ...crowdedFolders([...sources, ...globSync('src/**/*.lua'), ...tests, ...others]),
  ...longLines(sources.map(read)),
  ...closureProblems(sources.map(read)),
  ...unusedNames(sources.map(read)),
  ...unlistedFields(sources.map(read)),
  ...formatProblems(),
  ...licenceProblems(),
  ...stalePages(),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
