import { parseSync } from 'oxc-parser';

const ESCAPES = /\b(?:describe|it|suite|test)\.(?:only|skip|todo)\b|\b(?:only|skip|todo): *true\b/;

/** A source file or a test as it is on disk. */
export interface SourceFile {
  readonly path: string;
  readonly source: string;
}

/** One line for each test that does not run. */
export function testProblems(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, source }) =>
    source
      .split('\n')
      .flatMap((line, index) =>
        ESCAPES.test(line) ? [`${path}:${index + 1} does not run: ${line.trim()}`] : [],
      ),
  );
}

const IMPORTS_ITS_FOLDER = /^importTests\(import\.meta\.dirname\);$/m;

/** One line for each `together.ts` that does not run the tests of its folder, which nothing else would run. */
export function togetherProblems(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => path.endsWith('/together.ts'))
    .filter(({ source }) => !IMPORTS_ITS_FOLDER.test(source))
    .map(({ path }) => `${path} must say: importTests(import.meta.dirname);`);
}

/** Where each file has a test of its name: what every job passes through. */
const TESTED = ['stages', 'intake', 'settlement', 'flow', 'job', 'workflows'].map(
  (one) => `src/${one}/`,
);

/** One line for each file of these folders that exports a value, not only types, and has no test of its name. */
export function untestedFiles(
  sources: readonly SourceFile[],
  testPaths: Iterable<string>,
): string[] {
  const tests = new Set(testPaths);
  return sources.flatMap(({ path, source }) => {
    const test = path.replace(/^src\/(.*)\.ts$/, 'test/$1.test.ts');
    const isTested = !TESTED.some((folder) => path.startsWith(folder)) || tests.has(test);
    return isTested || !exportsValue(path, source)
      ? []
      : [`${path} has no test of its name: write ${test}`];
  });
}

function exportsValue(path: string, source: string): boolean {
  const { module, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  return module.staticExports.some(({ entries }) => entries.some(({ isType }) => !isType));
}
