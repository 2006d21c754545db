import assert from 'node:assert/strict';
import { it } from 'node:test';
import {
  testProblems,
  togetherProblems,
  untestedFiles,
} from '../../../scripts/checks/check-tests.ts';

// Put together here, so that the check does not find them in this file.
const dot = '.';
const yes = 'true';

it('finds tests that do not run', () => {
  const lines = [
    `it${dot}skip('a', b)`,
    `describe${dot}only('c', d)`,
    `test('e', { todo: ${yes} }, f)`,
  ];
  const problems = testProblems([
    { path: 'test/x.test.ts', source: ['it(g)', ...lines].join('\n') },
  ]);
  assert.deepEqual(
    problems.map((line) => line.split(' ')[0]),
    ['test/x.test.ts:2', 'test/x.test.ts:3', 'test/x.test.ts:4'],
  );
});

it('takes tests that run', () => {
  assert.deepEqual(testProblems([{ path: 'test/x.test.ts', source: "it('skips blanks', a)" }]), []);
});

it('finds a folder whose tests nothing runs', () => {
  const right = { path: 'test/a/together.ts', source: 'importTests(import.meta.dirname);\n' };
  const wrong = { path: 'test/b/together.ts', source: "importTests('test/a');\n" };
  assert.deepEqual(togetherProblems([right, wrong, { ...wrong, path: 'test/b/c.test.ts' }]), [
    'test/b/together.ts must say: importTests(import.meta.dirname);',
  ]);
});

const exporting = (path: string, source: string): { path: string; source: string } => ({
  path,
  source,
});

it('names the test that a file lacks', () => {
  const sources = [
    exporting('src/stages/plan/arrange.ts', 'export async function arrange() {}'),
    exporting('src/flow/stage.ts', 'export interface A {}\nexport const defineStage = 1;'),
    exporting('src/workflows/image.ts', 'export default {};'),
  ];
  assert.deepEqual(untestedFiles(sources, ['test/flow/stage.test.ts', 'test/arrange.test.ts']), [
    'src/stages/plan/arrange.ts has no test of its name: write test/stages/plan/arrange.test.ts',
    'src/workflows/image.ts has no test of its name: write test/workflows/image.test.ts',
  ]);
});

it('asks for no test of types, however they are exported, and of no other folder', () => {
  const sources = [
    exporting('src/flow/outcome.ts', "export type Outcome = 'done';\nexport interface B {}"),
    exporting(
      'src/flow/kinds.ts',
      "export type { A } from './a.ts';\nexport type * from './b.ts';",
    ),
    exporting('src/imaging/axes.ts', 'export const a = 1;'),
    exporting('src/flowers/rose.ts', 'export const a = 1;'),
  ];
  assert.deepEqual(untestedFiles(sources, []), []);
});

it('counts what is passed on from another file as a value', () => {
  const sources = [exporting('src/intake/all.ts', "export * from './gate.ts';")];
  assert.equal(untestedFiles(sources, []).length, 1);
});
