import assert from 'node:assert/strict';
import { test } from 'node:test';
import { declaredWorkflow } from '../../src/declared/declared-workflow.ts';
import { readDeclaration } from '../../src/declared/read-declaration.ts';
import { decodeImage } from '../../src/formats/decode-image.ts';
import type { NdArray } from '../../src/imaging/array.ts';
import type { Workflow } from '../../src/flow/workflow.ts';
import { type TestModel, runWorkflow } from '../../src/testing/index.ts';
import mesmer from '../../src/workflows/mesmer.ts';
import segmentation from '../../src/workflows/segmentation.ts';
import spot from '../../src/workflows/spot.ts';
import { cellImage } from '../harness/images/cell-image.ts';

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

test('tiles overlap as the declaration says; a quarter, as of the workflow in code, unless it says otherwise', async () => {
  const tilesOf = async (workflow: Workflow): Promise<number> => {
    let tiles = 0;
    const predict: TestModel['predict'] = (tile) => {
      tiles += 1;
      return bright.predict(tile);
    };
    const image = { shape: [64, 160], data: new Float32Array(64 * 160).fill(1) };
    const models = { 'NuclearSegmentation:6': { ...bright, predict } };
    const { status, error } = await runWorkflow(workflow, { image, models });
    assert.equal(status, 'done', error?.message);
    return tiles;
  };
  const overlapping = (overlap: number): Workflow =>
    declared(`${NUCLEI}tiling: { overlap: ${overlap} }\n`);
  assert.equal(await tilesOf(overlapping(0.25)), await tilesOf(segmentation));
  // Columns begin 64, 48 and 32 apart: ceil((160 - 64) / apart) + 1.
  assert.deepEqual(
    [
      await tilesOf(overlapping(0)),
      await tilesOf(overlapping(0.25)),
      await tilesOf(overlapping(0.5)),
    ],
    [3, 3, 4],
  );
  const problems: string[] = [];
  readDeclaration(`${NUCLEI}tiling: { overlap: 0.7 }\n`, 'w.yaml', problems);
  assert.match(problems.join(), /tiling\.overlap is 0\.7, but must be a number from 0 to 0\.5\./);
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
    /^The field channels is "0,", but must be 2 of: .*, as in channels=0,1\.$/,
  );
});

/** What mesmer does with a job that asks for both compartments. */
const TISSUE = `
name: tissue
summary: Labels whole cells and nuclei, as mesmer does.
model: MultiplexSegmentation:9
channels: [0, 1]
pixel_size: 0.5
normalization: multiplex_preprocess
tiling: { border: constant }
model_outputs:
  - { output: 0, channel: 0 }
  - { output: 1, channel: 1 }
  - { output: 2, channel: 0 }
  - { output: 3, channel: 1 }
postprocessing:
  function: deep_watershed
  radius: 2
  interior_threshold: 0.2
  interior_smooth: 2
  small_objects_threshold: 15
  fill_holes_threshold: 15
  parts:
    - { maxima_threshold: 0.075 }
    - { maxima_threshold: 0.1 }
outputs: [labels, counts]
`;

/** Tissue of two channels, the second of which is the first mirrored. */
function twoChannels(): NdArray<Float32Array> {
  const limits = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };
  const { shape, data } = decodeImage({ bytes: cellImage(), name: 'cells.tif', limits });
  return { shape: [2, ...shape.slice(-2)], data: Float32Array.of(...data, ...data.toReversed()) };
}

/** The heads of each compartment: its channel as the inner distance, and background and interior. */
const tissue: TestModel = {
  input: [64, 64, 2],
  predict: ({ shape, data }) =>
    [0, 1].flatMap((channel) => {
      const inner = data.filter((_, at) => at % 2 === channel);
      const isCell = (value: number): number => Number(value > 0.1);
      const pixelwise = Float32Array.from({ length: 2 * inner.length }, (_, at) =>
        at % 2 === 0 ? 1 - isCell(inner[at / 2] ?? 0) : isCell(inner[(at - 1) / 2] ?? 0),
      );
      return [
        { shape: [...shape.slice(0, -1), 1], data: inner },
        { shape: [...shape.slice(0, -1), 2], data: pixelwise },
      ];
    }),
};

test('kinds of cells are parts: a declaration of mesmer gives its bytes', async () => {
  const models = { 'MultiplexSegmentation:9': tissue };
  const fields = { compartment: 'both', dimension_order: 'CXY' };
  const job = { image: twoChannels(), fields, models };
  const inCode = await runWorkflow(mesmer, job);
  const asText = await runWorkflow(declared(TISSUE), {
    ...job,
    fields: { dimension_order: 'CXY' },
  });
  assert.equal(inCode.status, 'done', inCode.error?.message);
  assert.equal(asText.status, 'done', asText.error?.message);
  const images = (files: typeof inCode.files): (readonly number[])[] =>
    [...files].filter(([name]) => name.endsWith('.tif')).map(([, file]) => [...file.array().data]);
  assert.equal(images(inCode.files).length, 2);
  assert.deepEqual(images(asText.files), images(inCode.files));
  assert.equal(asText.notes['cells'], inCode.notes['cells']);
  assert.match(String(asText.notes['cells']), /^[1-9]\d*,[1-9]\d*$/);
});

test('a declaration of spots gives the bytes of the built-in workflow, and their number', async () => {
  const source = `
name: dots
summary: Finds spots.
model: SpotDetection:7
normalization: min_max
postprocessing: { function: spots, threshold: 0.95 }
outputs: [pictures, spots, counts]
`;
  const job = { image: cellImage() };
  const inCode = await runWorkflow(spot, job);
  const asText = await runWorkflow(declared(source), job);
  assert.equal(asText.status, 'done', asText.error?.message);
  const counts = asText.files.get('image_counts.csv')?.bytes;
  const bytes = [...asText.files.values()].slice(0, 2).map((file) => file.bytes);
  assert.deepEqual(
    bytes,
    Array.from(inCode.files.values(), (file) => file.bytes),
  );
  const table = Buffer.from(counts ?? [])
    .toString()
    .trim();
  assert.equal(table.split(/\r?\n/)[1], `image.tif,0,${inCode.notes['spots']}`);
  assert.ok(Number(inCode.notes['spots']) > 0);
});
