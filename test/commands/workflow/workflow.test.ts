import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeImage } from '../../../src/formats/decode-image.ts';
import { checkWorkflow } from '../../../src/commands/workflow/check.ts';
import { newWorkflow } from '../../../src/commands/workflow/new.ts';
import { workflow as runWords } from '../../../src/commands/workflow/workflow.ts';
import { CommandProcess } from '../command-process.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kiosk workflow-'));
});
after(() => rm(folder, { recursive: true }));

const workflow = (...words: string[]): ReturnType<CommandProcess['ended']> =>
  new CommandProcess(['workflow', ...words], { folder }).ended();

test('a new workflow is right from the start and finds the cells of its sample', async () => {
  const made = await workflow('new', 'my-flow');
  assert.equal(made.code, 0, made.stderr);
  assert.deepEqual((await readdir(join(folder, 'my-flow'))).toSorted(), [
    'README.md',
    'my-flow.test.ts',
    'my-flow.ts',
    'package.json',
    'sample.tif',
    'tsconfig.json',
  ]);
  const checked = await workflow('check', 'my-flow/my-flow.ts');
  assert.equal(checked.code, 0, checked.stderr);
  assert.match(checked.stdout, /^work: download → .* → upload$/m);
  const words = ['run', 'my-flow/my-flow.ts', '--input', 'my-flow/sample.tif', '-f', 'chanel=1'];
  const ran = await workflow(...words);
  assert.equal(ran.code, 0, ran.stderr);
  assert.match(ran.stdout, /^predict +\d/m);
  assert.match(ran.stdout, /results\/labels_overlay\.png/);
  const bytes = await readFile(join(folder, 'results/labels.tif'));
  const limits = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };
  const { shape, data } = decodeImage({ bytes, name: 'labels.tif', limits });
  assert.deepEqual(shape.slice(-2), [256, 256]);
  // 4 × 4 discs were drawn, and the ground.
  assert.equal(new Set(data).size, 17);
  const again = await workflow('new', 'my-flow');
  assert.match(again.stderr, /folder cannot be created: EEXIST/);
});

test('what is wrong is said in sentences', async () => {
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  await write('number.mjs', 'export default 1;');
  const start = `import { compute, defineWorkflow, download, packageResults, pipeline, upload } from 'kiosk-redis-consumer';
    export default defineWorkflow({ summary: 'x', accepts: () => true, settings: {}, `;
  const kernel = `compute('deepWaterShed', { as: 'a', from: () => ({}) })`;
  await write(
    'kernel.mjs',
    `${start} name: 'x', pipeline: () => pipeline(download, ${kernel}, packageResults(() => []), upload) });`,
  );
  await write(
    'taken.mjs',
    `${start} name: 'mesmer', pipeline: () => pipeline(download, upload) });`,
  );
  await write('order.mjs', `${start} name: 'o', pipeline: () => pipeline(download, upload) });`);
  const check = (name: string) => checkWorkflow(join(folder, name));
  await assert.rejects(check('number.mjs'), /Its default export is .*, but must be a workflow/);
  await assert.rejects(check('none.mjs'), /cannot be loaded: .*none\.mjs/);
  await assert.rejects(
    check('kernel.mjs'),
    /"deepWaterShed", which does not exist\. Did you mean deepWatershed\?/,
  );
  await assert.rejects(check('order.mjs'), /Stage "upload" needs "archive"/);
  await assert.rejects(check('taken.mjs'), /There is a built-in workflow "mesmer"/);
  await assert.rejects(newWorkflow('My Flow'), /"My Flow" is no name of a workflow/);
  const request = { action: 'run', file: 'x.mjs', input: undefined, fields: [], output: 'r' };
  const run = (action: string) => runWords({ ...request, action, package: undefined });
  await assert.rejects(run('run'), /needs --input IMAGE/);
  await assert.rejects(
    run('chekc'),
    /"chekc" is not one of new, check, run, deploy\. Did you mean check\?/,
  );
});

test('where code of the author failed is shown', async () => {
  const code = `import { csv, defineStage, defineWorkflow, download, packageResults, pipeline, upload } from 'kiosk-redis-consumer';
const count = defineStage({ name: 'count', concurrency: 1, adds: [],
  run: async (value) => ({ cells: value.labels.data.length }) });
export default defineWorkflow({ name: 'fails', summary: 'Fails.', accepts: () => true, settings: {},
  pipeline: () => pipeline(download, count, packageResults(() => [csv('a.csv', ['a'], [])]), upload) });\n`;
  await writeFile(join(folder, 'fails.mjs'), code);
  const { code: ended, stdout } = await workflow('run', 'fails.mjs', '--input', 'fails.mjs');
  assert.equal(ended, 1);
  assert.match(stdout, /^Failed \(internal\): .*reading 'data'\)\n +at .*fails\.mjs:3:\d+\)?\n$/m);
  assert.doesNotMatch(stdout, /src\//);
});
