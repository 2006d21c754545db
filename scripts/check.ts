/* The checks of our own: imports, names, sizes, what nothing uses, tests that are missing or do not run, licences, generated pages. */
import { globSync, readFileSync } from 'node:fs';
import { importProblems } from './check-imports.ts';
import { nameProblems } from './check-names.ts';
import { type SourceFile, testProblems, togetherProblems, untestedFiles } from './check-tests.ts';
import { unusedNames } from './check-uses.ts';
import { crowdedFolders, longLines } from './check-sizes.ts';
import { formatProblems } from './docs/formats-page.ts';
import { licenceProblems } from './docs/licences-page.ts';
import { stalePages } from './generate-docs.ts';
import { readImports } from './read-imports.ts';

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
  ...unusedNames(sources.map(read)),
  ...formatProblems(),
  ...licenceProblems(),
  ...stalePages(),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
