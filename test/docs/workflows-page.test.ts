import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { newFiles } from '../../src/commands/workflow/new-files.ts';
import { readDeclaration } from '../../src/declared/read-declaration.ts';
import type { OwnMetric } from '../../src/facts/own-metric.ts';
import type { JobField } from '../../src/job/job-field.ts';
import { type AnyStage, defineStage } from '../../src/flow/stage.ts';
import type { TestModels } from '../../src/flow/test-model.ts';
import type { Workflow, WorkflowDefinition } from '../../src/flow/workflow.ts';
import { resolvePackage } from '../../src/resolve-package.ts';
import { type WorkflowRun, runWorkflow } from '../../src/testing/index.ts';
import { cellImage } from '../harness/images/cell-image.ts';
import { readmeWorkflow } from '../harness/readme-workflow.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** A new workflow, with the files of the page beside it. */
let folder: string;
let snippets: ReadonlyMap<string, string>;

before(async () => {
  resolvePackage();
  folder = await mkdtemp(join(ROOT, 'test', 'page-'));
  const page = await readFile(join(ROOT, 'docs', 'WORKFLOWS.md'), 'utf8');
  const blocks = [...page.matchAll(/^```(?:ts|yaml)\n(?:\/\/|#) (\S+)\n([^]*?)^```/gm)];
  snippets = new Map(blocks.map(([, name = '', code = '']) => [name, code]));
  const files = { ...newFiles('my-workflow', '1.0.0'), ...Object.fromEntries(snippets) };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
});

after(() => rm(folder, { recursive: true }));

async function load(name: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(pathToFileURL(join(folder, name)).href)) as Record<string, unknown>;
}

test('each block of code on the page is a file', async () => {
  const names = [...snippets.keys()];
  assert.deepEqual(names, [
    'try.ts',
    'bright-model.ts',
    'bins.ts',
    'bright-nuclei.yaml',
    'tissue.yaml',
    'kernels.ts',
    'bright-pixels.ts',
    'size-classes.ts',
  ]);
  const page = await readFile(join(ROOT, 'docs', 'WORKFLOWS.md'), 'utf8');
  assert.equal([...page.matchAll(/^```(?:ts|yaml)$/gm)].length, names.length);
});

test('they compile, and so does the workflow of the README', async () => {
  await writeFile(join(folder, 'readme.ts'), await readmeWorkflow());
  const settings = { extends: '../../tsconfig.json', include: ['.', '../../src/**/*.d.ts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const { status, stdout } = spawnSync(tsc, ['--project', folder], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});

test('the run of a workflow in a test leaves labels', async () => {
  const ran = await load('try.ts');
  assert.equal(ran['status'], 'done');
  // The type is that of the snippet.
  assert.deepEqual((ran['labels'] as { shape: number[] }).shape, [1, 256, 256]);
});

test('the workflow of the README runs on the test model of the page', async () => {
  await writeFile(join(folder, 'readme.ts'), await readmeWorkflow());
  const { default: workflow } = await load('readme.ts');
  const { testModels } = await load('bright-model.ts');
  // The types are those of the snippets.
  const own = { ...(workflow as Workflow), testModels: testModels as TestModels };
  const settings = { BRIGHT_MODEL: 'Bright:3' };
  const { status, error } = await runWorkflow(own, { image: cellImage(), settings });
  assert.equal(status, 'done', error?.message);
});

test('the kernel of an author runs on a thread and marks what is bright', async () => {
  const { default: workflow } = await load('bright-pixels.ts');
  const { status, error, files }: WorkflowRun = await runWorkflow(workflow as Workflow, {
    image: cellImage(),
    threads: 1,
  });
  assert.equal(status, 'done', error?.message);
  assert.deepEqual(new Set(files.get('mask.tif')?.array().data), new Set([0, 1]));
});

test('the stage with metrics records what it measured', async () => {
  const { measure, metrics } = await load('size-classes.ts');
  const { default: bright } = await load('bright-pixels.ts');
  // The types are those of the snippets.
  const workflow = bright as WorkflowDefinition;
  const { stages } = workflow.pipeline({});
  const label = defineStage({
    name: 'label',
    concurrency: 1,
    run: async () => ({ labels: { shape: [1, 4], data: Int32Array.of(0, 1, 1, 2) } }),
  });
  const { status, error, recorded } = await runWorkflow(
    {
      ...workflow,
      metrics: metrics as readonly OwnMetric[],
      pipeline: () => ({ stages: [label, measure as AnyStage, ...stages] }),
    },
    { image: cellImage() },
  );
  assert.equal(status, 'done', error?.message);
  const [cells, pixels] = ['size_classes_cells', 'size_classes_pixels_total'];
  const small = { size: 'small' };
  assert.deepEqual(recorded, [
    { metric: cells, value: 2, labels: {} },
    { metric: pixels, value: 2, labels: small },
    { metric: pixels, value: 1, labels: small },
  ]);
});

test('the stage with fields obeys them, and a field that is wrong fails the job', async () => {
  const { histogram, fields } = await load('bins.ts');
  const { default: bright } = await load('bright-pixels.ts');
  // The types are those of the snippets.
  const stages = (bright as WorkflowDefinition)
    .pipeline({})
    .stages.toSpliced(4, 0, histogram as AnyStage);
  const workflow = {
    ...(bright as WorkflowDefinition),
    fields: fields as readonly JobField[],
    pipeline: () => ({ stages }),
  };
  const image = { shape: [4, 4], data: Float32Array.of(0, 0, 0, 1, ...Array<number>(12).fill(0)) };
  const asked = { bins: '2', bins_of: 'columns' };
  const { error, notes } = await runWorkflow(workflow, { image, fields: asked });
  assert.equal(error, undefined);
  assert.equal(notes['brightest_bin'], 1);
  const wrong = await runWorkflow(workflow, { image, fields: { bins: '0' } });
  assert.equal(
    wrong.error?.message,
    'The field bins is "0", but must be a number above 0, as in bins=8.',
  );
});

test('so is the one of several kinds of cells', () => {
  const problems: string[] = [];
  readDeclaration(snippets.get('tissue.yaml') ?? '', 'tissue.yaml', problems);
  assert.deepEqual(problems, []);
});

test('the workflow without code is valid, and its mistake is shown as the page says', () => {
  const source = `# bright-nuclei.yaml\n${snippets.get('bright-nuclei.yaml')}`;
  const problems: string[] = [];
  assert.ok(readDeclaration(source, 'bright-nuclei.yaml', problems));
  readDeclaration(source.replace('radius', 'radus'), 'bright-nuclei.yaml', problems);
  assert.deepEqual(problems, [
    'bright-nuclei.yaml:12:3: "radus" is no setting of "postprocessing". Did you mean radius?',
  ]);
});
