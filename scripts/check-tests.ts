const ESCAPES = /\b(?:describe|it|suite|test)\.(?:only|skip|todo)\b|\b(?:only|skip|todo): *true\b/;

/** A test as it is on disk. */
export interface TestFile {
  readonly path: string;
  readonly source: string;
}

/** One line for each test that does not run. */
export function testProblems(files: readonly TestFile[]): string[] {
  return files.flatMap(({ path, source }) =>
    source
      .split('\n')
      .flatMap((line, index) =>
        ESCAPES.test(line) ? [`${path}:${index + 1} does not run: ${line.trim()}`] : [],
      ),
  );
}
