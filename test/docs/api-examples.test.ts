import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { apiExamples } from '../../scripts/docs/api-page.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const examples = apiExamples();
const TESTING = [
  'OutputFile',
  'RecordedValue',
  'RunOptions',
  'TestModel',
  'WorkflowRun',
  'runWorkflow',
];

/** What examples speak of and do not make. */
const GIVEN = `
declare const workflow: ReturnType<typeof defineWorkflow<{}>>;
declare const image: Image;
declare const labels: Labels;
declare function threshold(input: { image: Image; level: number }): Labels;
`;

test('each export has an example', () => {
  const without = [...examples].filter(([, code]) => code.length === 0).map(([name]) => name);
  assert.deepEqual(without, []);
  assert.ok(TESTING.every((name) => examples.has(name)));
});

test('the examples compile with what authors import', async (t) => {
  const folder = await mkdtemp(join(ROOT, 'test', 'examples-'));
  t.after(() => rm(folder, { recursive: true }));
  const imported = [...examples.keys()].filter((name) => !TESTING.includes(name));
  const head = `import assert from 'node:assert/strict';
import { ${imported.join(', ')} } from 'kiosk-redis-consumer';
import { ${TESTING.join(', ')} } from 'kiosk-redis-consumer/testing';\n${GIVEN}`;
  // Names that differ in case alone are one file on some systems.
  for (const [at, [name, code]] of [...examples].entries()) {
    const body = code.map((one) => `export async function example() {\n${one}\n}`).join('\n');
    await writeFile(join(folder, `${at}-${name}.ts`), `${head}\n${body}\n`);
  }
  const compilerOptions = {
    verbatimModuleSyntax: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    isolatedDeclarations: false,
  };
  const settings = {
    extends: '../../tsconfig.json',
    compilerOptions,
    include: ['.', '../../src/**/*.d.ts'],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const { status, stdout } = spawnSync(tsc, ['--project', folder], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});
