import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { CELLS, sampleImage } from '../../../src/commands/workflow/sample-image.ts';
import { declaredWorkflow } from '../../../src/declared/declared-workflow.ts';
import { readDeclaration } from '../../../src/declared/read-declaration.ts';
import { runWorkflow } from '../../../src/testing/index.ts';
import { resolvePackage } from '../../../src/resolve-package.ts';

const EXAMPLE = new URL('../../../examples/workflows/bright-nuclei.yaml', import.meta.url);

test('the nuclei of the sample are found without code too, where contrast is evened out', async () => {
  const problems: string[] = [];
  const declared = readDeclaration(await readFile(EXAMPLE, 'utf8'), 'example.yaml', problems);
  assert.ok(declared, problems.join());
  const { notes, warnings } = await runWorkflow(declaredWorkflow(declared), {
    image: sampleImage(),
  });
  assert.deepEqual([notes['cells'], warnings], [`${CELLS}`, []]);
});

test('and by the example that counts', async () => {
  resolvePackage();
  const { default: counting } = await import('../../../examples/workflows/counting.ts');
  const { files, error } = await runWorkflow(counting, { image: sampleImage() });
  assert.equal(error, undefined);
  assert.match(files.get('image_counts.csv')?.text() ?? '', new RegExp(`image\\.tif,${CELLS}\\s`));
});

test('the sample is the same each time', () => {
  assert.deepEqual(sampleImage(), sampleImage());
});
