import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declaredWorkflow } from '../../src/declared/declared-workflow.ts';
import { readDeclaration } from '../../src/declared/read-declaration.ts';
import type { Workflow } from '../../src/flow/workflow.ts';
import { type TestModel, runWorkflow } from '../../src/testing/index.ts';
import segmentation from '../../src/workflows/segmentation.ts';
import { cellImage } from '../harness/cell-image.ts';

const NUCLEI = `
name: nuclei
summary: Labels nuclei, as segmentation does.
model: NuclearSegmentation:6
pixel_size: 0.65
normalization: histogram_normalization
postprocessing:
  function: deep_watershed
  radius: 10
  maxima_threshold: 0.1
  interior_threshold: 0.01
outputs: [labels, counts]
`;

/** Its heads: where it is bright, and where there is anything. */
const bright: TestModel = {
  input: [64, 64, 1],
  predict: ({ shape, data }) => [
    { shape, data },
    { shape, data: data.map((value) => Number(value > 0)) },
  ],
};

function declared(source: string): Workflow {
  const problems: string[] = [];
  const read = readDeclaration(source, 'w.yaml', problems);
  assert.deepEqual(problems, []);
  assert.ok(read);
  return declaredWorkflow(read);
}

test('a declaration gives the bytes of the same workflow in code', async () => {
  const job = { image: cellImage(), models: { 'NuclearSegmentation:6': bright } };
  const inCode = await runWorkflow(segmentation, job);
  const asText = await runWorkflow(declared(NUCLEI), job);
  assert.equal(asText.status, 'done', asText.error?.message);
  const [, image] = [...inCode.files][0] ?? [];
  const [[name, labels] = [], [table, counts] = []] = [...asText.files];
  assert.match(name ?? '', /_batch_0_feature_0\.tif$/);
  assert.deepEqual(labels?.bytes, image?.bytes);
  assert.match(table ?? '', /_counts\.csv$/);
  const [header, row] = Buffer.from(counts?.bytes ?? [])
    .toString()
    .split(/\r?\n/);
  assert.equal(header, 'image,feature,cells');
  assert.equal(row?.split(',').at(-1), inCode.notes['cells']);
  assert.ok(Number(inCode.notes['cells']) > 0);
});

test('without post-processing the outputs of the model are the result', async () => {
  const source = NUCLEI.replace(/postprocessing:[^]*?(?=outputs)/, '').replace(
    '[labels, counts]',
    '[predictions]',
  );
  const { status, error, files } = await runWorkflow(declared(source), {
    image: cellImage(),
    models: { 'NuclearSegmentation:6': bright },
  });
  assert.equal(status, 'done', error?.message);
  assert.equal(files.size, 2);
});

test('channels that the model sees together are those of the workflow, or of the job', async () => {
  const both: TestModel = {
    input: [64, 64, 2],
    predict: ({ shape, data }) => {
      const first = data.filter((_, at) => at % 2 === 0);
      const head = { shape: [...shape.slice(0, -1), 1], data: first };
      return [head, head];
    },
  };
  const source = NUCLEI.replace('pixel_size: 0.65', 'channels: [0, 1]');
  const job = { image: cellImage(), models: { 'NuclearSegmentation:6': both } };
  const refused = await runWorkflow(declared(source), job);
  assert.equal(refused.status, 'failed');
  assert.match(
    refused.error?.message ?? '',
    /channels is "0,1", but "1" is no channel of the image, which has 1/,
  );
  const alone = await runWorkflow(declared(source), { ...job, fields: { channels: '0,' } });
  assert.match(
    alone.error?.message ?? '',
    /channels is "0,", but the model takes 2 channels together, as in "0,1"/,
  );
});
