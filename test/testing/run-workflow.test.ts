import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Labels,
  type StageContext,
  compute,
  csv,
  decodeImage,
  defineStage,
  defineWorkflow,
  describeImage,
  download,
  orient,
  ownMetric,
  packageResults,
  pipeline,
  predictTiles,
  setting,
  tiff,
  upload,
} from '../../src/index.ts';
import { type TestModel, runWorkflow } from '../../src/testing/index.ts';
import segmentation from '../../src/workflows/segmentation.ts';
import zip from '../../src/workflows/zip.ts';
import { cellImage } from '../harness/images/cell-image.ts';
import { buildZip } from '../harness/images/zip-builder.ts';

/** Its heads: the brightness, and where there is any. */
const bright: TestModel = {
  input: [64, 64, 1],
  predict: ({ shape, data }) => [
    { shape, data: data.map((value) => value / 1000) },
    { shape, data: data.map((value) => Number(value > 0)) },
  ],
};

const cells = ownMetric.counter('bright_cells_total', {
  help: 'Cells.',
  labels: { kind: ['bright'] },
});

const workflow = defineWorkflow({
  name: 'bright',
  summary: 'Labels what is bright.',
  accepts: () => true,
  settings: { model: setting.model('BRIGHT_MODEL', 'Bright:1', 'Finds what is bright.') },
  fields: [],
  metrics: [cells],
  pipeline: ({ model }) =>
    pipeline(
      download,
      describeImage,
      decodeImage,
      orient(),
      predictTiles(model),
      compute('deepWatershed', {
        as: 'labels',
        from: ({ heads: [maxima, interior] }) => ({ maxima, interior, radius: 5 }),
      }),
      defineStage({
        name: 'count',
        concurrency: 1,
        needs: ['labels'],
        adds: ['count'],
        run: async ({ labels }: { labels: { data: Int32Array } }, context: StageContext) => {
          const count = new Set(labels.data).size - 1;
          context.note({ bright_cells: count });
          context.record(cells, count, { kind: 'bright' });
          context.warn('Counted.');
          return { count };
        },
      }),
      packageResults(({ labels, count }) => [
        tiff('labels.tif', { ...labels, shape: labels.shape.slice(0, 3) }),
        csv('count.csv', ['cells'], [[count]]),
      ]),
      upload,
    ),
});
const models = { 'Bright:1': bright };

test('a workflow runs without Redis, servers and a bucket', async () => {
  const { status, error, files, notes, warnings, recorded, stageTimes } = await runWorkflow(
    workflow,
    {
      image: cellImage(),
      fields: { chanel: '0' },
      models,
    },
  );
  assert.deepEqual([status, error], ['done', undefined]);
  assert.deepEqual([...files.keys()], ['labels.tif', 'count.csv']);
  const { shape = [], data = [] } = files.get('labels.tif')?.array() ?? {};
  assert.deepEqual([...shape], [1, 64, 64]);
  assert.deepEqual([...new Set(data)], [0, 1, 2]);
  assert.equal(files.get('count.csv')?.text().trim(), 'cells\r\n2');
  assert.deepEqual(notes, { ...notes, bright_cells: 2 });
  const labels = { kind: 'bright' };
  assert.deepEqual(recorded, [{ metric: 'bright_cells_total', value: 2, labels }]);
  assert.ok(warnings.includes('Counted.'), warnings.join());
  assert.match(warnings.join(), /"chanel"/);
  assert.ok((stageTimes['predict'] ?? 0) > 0, JSON.stringify(stageTimes));
});

test('an image may be an array', async () => {
  const data = Uint16Array.from({ length: 4096 }, (_, at) => 1000 * Number(at === 2080));
  const run = await runWorkflow(workflow, { image: { shape: [64, 64], data }, models });
  assert.equal(run.notes['bright_cells'], 1);
});

test('images of all positions are written, and a shape that forgets them fails the job in words', async () => {
  const data = Float32Array.from({ length: 8192 }, (_, at) => 1000 * Number(at % 4096 === 2080));
  const image = { shape: [2, 64, 64], data };
  const fields = { dimension_order: 'BXY' };
  const whole = await runWorkflow(workflow, { image, fields, models });
  assert.deepEqual(whole.files.get('labels.tif')?.array().shape, [2, 64, 64]);
  const { stages } = workflow.pipeline({ model: { name: 'Bright', version: 1 } });
  const forgetful = stages.map((stage) => (stage.name === 'package' ? FORGETFUL : stage));
  const run = await runWorkflow(
    { ...workflow, pipeline: () => ({ stages: forgetful }) },
    { image, fields, models },
  );
  assert.equal(run.error?.code, 'bad_workflow');
  assert.equal(
    run.error.message,
    'tiff("labels.tif") got an array of shape [64, 64], which is 4096 numbers, but its data ' +
      'have 8192. Give the shape that the data have, axes of length 1 included.',
  );
});

const FORGETFUL = packageResults(({ labels }: { readonly labels: Labels }) => [
  tiff('labels.tif', { ...labels, shape: labels.shape.slice(1, 3) }),
]);

test('the stand-ins are served, and kernels run on threads if wanted', async () => {
  const { status, files } = await runWorkflow(workflow, {
    image: cellImage(),
    settings: { BRIGHT_MODEL: 'NuclearSegmentation:6' },
    threads: 1,
  });
  assert.equal(status, 'done');
  assert.equal(files.size, 2);
});

test('a job that fails is a result', async () => {
  const { status, error, files } = await runWorkflow(workflow, {
    image: new TextEncoder().encode('no image'),
    models,
  });
  assert.deepEqual([status, error?.code, files.size], ['failed', 'corrupt_image', 0]);
  const unknown = await runWorkflow(workflow, { image: cellImage() });
  assert.equal(unknown.error?.code, 'unknown_model');
  assert.match(unknown.error?.message ?? '', /There is no model Bright:1; served are Nuclear/);
});

test('a workflow brings models for its test; a test may give others in their place', async () => {
  const own = { ...workflow, testModels: models };
  const { status, notes } = await runWorkflow(own, { image: cellImage() });
  assert.deepEqual([status, notes['bright_cells']], ['done', 2]);
  const dark: TestModel = {
    ...bright,
    predict: ({ shape, data }) => [0, 1].map(() => ({ shape, data: data.map(() => 0) })),
  };
  const other = await runWorkflow(own, { image: cellImage(), models: { 'Bright:1': dark } });
  assert.equal(other.notes['bright_cells'], 0);
});

test('what a test model gives in a wrong shape fails the job in words', async () => {
  const wrong: readonly (readonly [given: unknown, said: string])[] = [
    [{ shape: [1], data: [] }, 'The test model "Bright:1" returned an object, but must return its'],
    [
      [{ shape: [2, 2, 1], data: new Float32Array(3) }],
      'Output 0 of the test model "Bright:1" is an array of shape [2, 2, 1], which is 4 numbers,',
    ],
  ];
  for (const [given, said] of wrong) {
    // Authors of JavaScript may return anything.
    const predict = (() => given) as TestModel['predict'];
    const { error } = await runWorkflow(workflow, {
      image: cellImage(),
      models: { 'Bright:1': { ...bright, predict } },
    });
    assert.deepEqual([error?.code, error?.message.startsWith(said)], ['model_mismatch', true]);
  }
});

test('a model that fails fails the job', async () => {
  const broken: TestModel = {
    ...bright,
    predict: () => {
      throw new Error('Weights are missing.');
    },
  };
  const { error } = await runWorkflow(workflow, {
    image: cellImage(),
    models: { 'Bright:1': broken },
  });
  assert.deepEqual(
    [error?.code, error?.message.includes('Weights are missing.')],
    ['internal', true],
  );
});

test('what a consumer refuses at its start is refused here', async () => {
  const options = { image: cellImage(), models };
  const lost = { ...workflow, pipeline: () => pipeline(download) } as unknown as typeof workflow;
  await assert.rejects(runWorkflow(lost, options), /No stage leaves "output"/);
  const settings = { BRIGT_MODEL: 'a:1' };
  await assert.rejects(
    runWorkflow(workflow, { ...options, settings }),
    /No setting is called BRIGT_MODEL\. Did you mean BRIGHT_MODEL\?/,
  );
  await assert.rejects(
    runWorkflow(workflow, { ...options, settings: { BRIGHT_MODEL: 'nothing' } }),
    /BRIGHT_MODEL is "nothing", but must be/,
  );
  await assert.rejects(
    runWorkflow({ ...workflow, testModels: { 'SpotDetection:3': bright } }, options),
    /Workflow "bright": a stand-in for SpotDetection:3 is built in; give the model of your test/,
  );
  await assert.rejects(
    runWorkflow(workflow, { ...options, models: { Bright: bright } }),
    /"Bright" is no model; write its version too/,
  );
});

test('a job that does not end is given up', async () => {
  const endless = defineStage({
    name: 'endless',
    concurrency: 1,
    run: () => new Promise<{ output: { url: string; fileName: string } }>(() => {}),
  });
  const stuck = { ...workflow, pipeline: () => pipeline(endless) };
  await assert.rejects(
    runWorkflow(stuck, { image: cellImage(), timeoutMs: 50 }),
    /The job has not ended within 50 ms/,
  );
});

test('a run whose timeout passes while it starts fails like any other', async () => {
  const slow = {
    ...workflow,
    pipeline: (...given: Parameters<typeof workflow.pipeline>) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
      return workflow.pipeline(...given);
    },
  };
  await assert.rejects(
    runWorkflow(slow, { image: cellImage(), timeoutMs: 1 }),
    /The job has not ended within 1 ms/,
  );
});

test('a workflow of jobs has its children done by other workflows', async () => {
  const image = buildZip([
    { name: 'a.tif', data: cellImage() },
    { name: 'b.tif', data: cellImage() },
  ]);
  const options = { image, name: 'two.zip', queue: 'segmentation' };
  await assert.rejects(runWorkflow(zip, options), /children in the queue "segmentation"/);
  const { status, files } = await runWorkflow(zip, {
    ...options,
    children: { segmentation },
  });
  assert.equal(status, 'done');
  const names = ['a_batch_0_feature_0.tif', 'b_batch_0_feature_0.tif'];
  assert.deepEqual([...files.keys()].map((name) => name.replace(/^.*\//, '')).toSorted(), names);
});
