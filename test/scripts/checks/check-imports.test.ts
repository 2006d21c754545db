import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { importProblems } from '../../../scripts/checks/check-imports.ts';
import { readImports } from '../../../scripts/checks/read-imports.ts';

const problemsOf = (from: string, to: string): string[] => importProblems([{ from, to, line: 7 }]);

describe('reading the imports of a file', () => {
  const source = [
    "import { a } from './a.ts';",
    "import type { B } from '../formats/b.ts';",
    "export { c } from 'rxjs/operators';",
    "const d = await import('@grpc/grpc-js');",
    "import { readFile } from 'node:fs/promises';",
    'const e = await import(d.name);',
  ].join('\n');

  it('finds imports, types, re-exports and literal dynamic imports', () => {
    const found = readImports('src/imaging/x.ts', source).map(({ to, line }) => `${line} ${to}`);
    assert.deepEqual(found.toSorted(), [
      '1 src/imaging/a.ts',
      '2 src/formats/b.ts',
      '3 rxjs',
      '4 @grpc/grpc-js',
      '5 node:fs/promises',
    ]);
  });

  it('refuses a file that cannot be parsed', () => {
    assert.throws(() => readImports('src/x.ts', 'import { from'), /src\/x\.ts cannot be parsed/);
  });
});

describe('the rules of imports', () => {
  const forbidden = [
    ['src/imaging/label.ts', 'src/formats/tiff.ts', 'imaging-is-pure'],
    ['src/imaging/label.ts', 'node:fs', 'imaging-is-pure'],
    ['src/stages/download.ts', 'src/adapters/bucket/folder/folder-bucket.ts', 'stages-see-ports'],
    ['src/stages/download.ts', 'ioredis', 'stages-see-ports'],
    ['src/intake/permits.ts', 'rxjs', 'rxjs-in-the-flow'],
    ['src/adapters/redis/connect.ts', 'prom-client', 'prom-client-in-telemetry'],
    ['src/telemetry/http.ts', 'src/start.ts', 'start-is-the-root'],
    ['src/worker.ts', 'src/commands/run.ts', 'commands-are-on-top'],
    ['src/elsewhere/x.ts', 'src/errors.ts', 'every-file-has-a-rule'],
    ['src/flow/stage.ts', 'test/fakes/fake-clock.ts', 'flow-is-wiring'],
  ] as const;
  for (const [from, to, rule] of forbidden) {
    it(`${rule}: ${from} must not import ${to}`, () => {
      const problems = problemsOf(from, to);
      assert.ok(
        problems.some((line) => line.startsWith(`${from}:7 `) && line.includes(`${rule}, because`)),
        problems.join('\n'),
      );
    });
  }

  const allowed = [
    ['src/imaging/label.ts', 'src/imaging/array.ts'],
    ['src/flow/run-stage.ts', 'rxjs'],
    ['src/adapters/redis/connect.ts', 'ioredis'],
    ['src/adapters/redis/connect.ts', 'node:net'],
    ['src/commands/run.ts', 'src/telemetry/http.ts'],
    ['src/start.ts', 'src/commands/run.ts'],
  ] as const;
  for (const [from, to] of allowed) {
    it(`${from} may import ${to}`, () => assert.deepEqual(problemsOf(from, to), []));
  }

  it('names the files of a cycle', () => {
    const circle = [
      { from: 'src/flow/a.ts', to: 'src/flow/b.ts', line: 1 },
      { from: 'src/flow/b.ts', to: 'src/flow/c.ts', line: 1 },
      { from: 'src/flow/c.ts', to: 'src/flow/b.ts', line: 1 },
    ];
    assert.deepEqual(importProblems(circle), [
      'cycle in src/flow/: b.ts -> c.ts -> b.ts ' +
        '(src/flow/b.ts:1 imports src/flow/c.ts; src/flow/c.ts:1 imports src/flow/b.ts)',
    ]);
  });

  it('names the folders of a cycle, though no files import each other', () => {
    const circle = [
      { from: 'src/flow/running/a.ts', to: 'src/flow/b.ts', line: 1 },
      { from: 'src/flow/c.ts', to: 'src/flow/running/d.ts', line: 2 },
      { from: 'src/flow/b.ts', to: 'src/flow/c.ts', line: 3 },
      { from: 'src/flow/shape/e.ts', to: 'src/flow/b.ts', line: 4 },
    ];
    assert.deepEqual(importProblems(circle), [
      'cycle in src/flow/: running -> b.ts -> c.ts -> running (src/flow/running/a.ts:1 imports src/flow/b.ts; ' +
        'src/flow/b.ts:3 imports src/flow/c.ts; src/flow/c.ts:2 imports src/flow/running/d.ts)',
    ]);
  });
});
