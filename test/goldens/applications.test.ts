import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Job } from '../../src/job/job.ts';
import type { StageContext } from '../../src/flow/stage.ts';
import {
  type Application,
  CELLS,
  type Compartment,
  mesmer,
  spots,
} from '../../src/imaging/applications/application.ts';
import type { Image, NdArray } from '../../src/imaging/array.ts';
import { likeliestLabel, meanScale } from '../../src/imaging/applications/detection.ts';
import { findSpots } from '../../src/imaging/spots/spots.ts';
import { cutTiles, planTiles, tileCount } from '../../src/imaging/tiling/tiling.ts';
import { kernels } from '../../src/kernels.ts';
import { planMesmer } from '../../src/stages/plan/plan-mesmer.ts';
import { postprocess } from '../../src/stages/postprocess.ts';
import { predict } from '../../src/stages/predict.ts';
import { preprocess } from '../../src/stages/preprocess.ts';
import { FAKE_MODELS, servedFake } from '../fakes/fake-models.ts';
import { InProcessModels } from '../fakes/in-process-models.ts';
import { InlinePool } from '../../src/testing/inline-pool.ts';
import { counting, describedImage } from '../harness/images/described-image.ts';
import { stageContext } from '../harness/stages/stage-context.ts';
import { type GoldenCase, goldenCases } from './load.ts';
import { assertTilesFit, assertTilesSent, fitsModel } from './requests.ts';
import { assertSamePartition } from './same-partition.ts';
import { upsideDown } from './upside-down.ts';

const MODEL = { name: 'Fake', version: 1 };
const JOB: Job = {
  key: 'predict:1',
  queue: 'predict',
  fields: {},
  inputFileName: 'a.tif',
  originalName: 'a.tif',
  resultId: '',
};

const contextOf = (models: InProcessModels): StageContext =>
  stageContext({ models, compute: new InlinePool(kernels), job: JOB }).context;

/** Runs an application with a fake model, as a job would. */
async function run(application: Application, image: Image, models: InProcessModels, scale = 1) {
  const context = contextOf(models);
  const { prepared } = await preprocess.run(
    { passes: [{ application, model: MODEL, image, scale }] },
    context,
  );
  const { predicted } = await predict.run({ prepared }, context);
  const { results } = await postprocess.run({ predicted }, context);
  return { heads: predicted[0]?.heads ?? [], result: results[0] };
}

for (const group of ['app_nuclear', 'app_cytoplasm']) {
  for (const one of goldenCases(group)) test(`${group}: ${one.name}`, () => replayCells(one));
}

async function replayCells(one: GoldenCase): Promise<void> {
  const models = modelsOf(one, { fake: 'seg2', tile: [256, 256, 1] });
  if (one.expectError !== undefined) {
    const shape = one.params['shape'] as readonly number[];
    const blank = { shape, data: new Float32Array(shape.reduce((size, axis) => size * axis, 1)) };
    await assert.rejects(run(CELLS, blank, models), { message: one.expectError });
    return;
  }
  const image = one.input('image') as Image;
  const { result } = await run(CELLS, image, models, scaleOf(one));
  if (!fitsModel(one)) {
    assertSamePartition(result?.data ?? [], one.output('labels').data);
    assertTilesFit(one, imagesSentTo(models));
    return;
  }
  if (one.outputNames.includes('results_bxyc')) {
    // The reference's consumer on two channels: the image, and the same upside down.
    const { result: flipped } = await run(CELLS, upsideDown(image), models);
    assert.deepEqual(interleave([result, flipped]), one.output('results_bxyc').data);
  } else {
    assert.deepEqual(result?.shape, one.output('labels').shape);
    assert.deepEqual(result?.data, one.output('labels').data);
  }
  assertRequests(one, models);
}

for (const one of goldenCases('app_mesmer')) {
  test(`app_mesmer: ${one.name}`, async () => {
    const compartment = one.params['compartment'] as Compartment;
    if (one.expectError !== undefined) {
      const plan = planMesmer({
        model: MODEL,
        compartment: 'both',
        minScale: undefined,
        maxScale: 10,
        scaleDetectEnabled: false,
        scaleDetectModel: MODEL,
        pixelSizeFromFile: false,
      });
      const job = { ...JOB, fields: { compartment } };
      const context = { ...contextOf(new InProcessModels()), job };
      const raw = describedImage(counting(2, 8, 8));
      await assert.rejects(plan.run({ raw }, context), { message: one.expectError });
      return;
    }
    const models = modelsOf(one, { fake: 'mesmer4', tile: [256, 256, 2] });
    const { result } = await run(
      mesmer(compartment),
      one.input('image') as Image,
      models,
      scaleOf(one),
    );
    assert.deepEqual(result?.shape, one.output('labels').shape);
    assert.deepEqual(result?.data, one.output('labels').data);
    assertRequests(one, models);
  });
}

for (const one of goldenCases('app_spot')) {
  test(`app_spot: ${one.name}`, async () => {
    const threshold = Number(one.params['threshold']);
    if (one.expectError !== undefined) {
      const nothing: Image = { shape: [0, 0, 0, 2], data: new Float32Array() };
      assert.throws(() => findSpots({ classification: nothing, offsets: nothing, threshold }), {
        message: one.expectError,
      });
      return;
    }
    const models = modelsOf(one, { fake: 'spot2', tile: [128, 128, 1] });
    const application = spots({ clip: one.params['clip'] === true });
    const { heads } = await run(application, one.input('image') as Image, models);
    const [classification, offsets] = heads as [Image, Image];
    const found = findSpots({ classification, offsets, threshold });
    assert.deepEqual(
      Float64Array.from(found.flatMap(({ data }) => [...data])),
      expectedPoints(one),
    );
    assertRequests(one, models);
  });
}

/** The points of all batch items, one after the other. Cases with unequal numbers of points have an array for each. */
function expectedPoints(one: GoldenCase): Float64Array {
  return Float64Array.from(
    one.outputNames.toSorted().flatMap((name) => [...one.output(name).data]),
  );
}

for (const one of goldenCases('app_detection')) {
  test(`app_detection: ${one.name}`, () => {
    const image = one.input('image') as Image;
    const [rows = -1, columns = -1] = one.params['model_image_shape'] as readonly number[];
    const plan = planTiles(image.shape, [rows, columns], 'constant');
    const rowCount = plan.batches * plan.rows.count;
    const tiles = cutTiles({ image, plan, firstRow: 0, rowCount });
    assert.equal(tiles.shape[0], tileCount(plan));
    const outputs = FAKE_MODELS[String(one.params['fake_model'])]?.predict(tiles) ?? new Map();
    const scale = outputs.get('scale');
    const label = outputs.get('label');
    const value = scale === undefined ? label && likeliestLabel(label) : meanScale(scale);
    assert.equal(value, one.output('value').data[0]);
    assertTilesSent(one, [tiles]);
  });
}

function modelsOf(
  { params }: GoldenCase,
  fallback: { readonly fake: string; readonly tile: readonly number[] },
): InProcessModels {
  const fake = (params['fake_model'] ?? fallback.fake) as string;
  const tile = (params['model_image_shape'] ?? fallback.tile) as readonly number[];
  return new InProcessModels(servedFake(fake, MODEL, tile));
}

function scaleOf({ params }: GoldenCase): number {
  return Number(params['scale'] ?? 1);
}

function assertRequests(one: GoldenCase, models: InProcessModels): void {
  assertTilesSent(one, imagesSentTo(models));
}

function imagesSentTo(models: InProcessModels): NdArray<Float32Array>[] {
  return models.requests.flatMap(({ image }) => (image === undefined ? [] : [image]));
}

/** Images of one channel as the channels of one. */
function interleave(images: readonly (NdArray | undefined)[]): Int32Array {
  const length = images[0]?.data.length ?? 0;
  const joined = new Int32Array(length * images.length);
  joined.forEach((_, at) => {
    const channel = at % images.length;
    joined[at] = images[channel]?.data[(at - channel) / images.length] ?? NaN;
  });
  return joined;
}
