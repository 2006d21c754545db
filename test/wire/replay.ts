import assert from 'node:assert/strict';
import { after } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import type { NdArray } from '../../src/imaging/array.ts';
import type { ServedModel } from '../../src/stand-in-server/served-model.ts';
import { type Hash, Deployment } from '../harness/processes/consumer-process.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { PredictRecorder } from '../harness/predict-recorder.ts';
import { type GoldenCase, goldenCases } from '../goldens/load.ts';

/** Goldens may be larger than what a consumer takes by default. */
const ANY_SIZE = { MAX_IMAGE_HEIGHT: '0', MAX_IMAGE_WIDTH: '0' };
const NO_LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };

/**
 * The cases of groups that give a result, those of the same model together: one consumer serves them. The cases that name no model come
 * first. The others are in `refused.test.ts`.
 */
export function resultCases(...groups: readonly string[]): GoldenCase[] {
  const modelIn = ({ params }: GoldenCase): string =>
    JSON.stringify([params['fake_model'] ?? '', params['model_image_shape']]);
  return groups
    .flatMap((group) => goldenCases(group))
    .filter(({ expectError }) => expectError === undefined)
    .toSorted((one, other) => modelIn(one).localeCompare(modelIn(other)));
}

const models = new Map<string, ServedModel>();

/** The model of a case under a name, for a group whose cases use this fake when they do not say. */
export function modelOf(one: GoldenCase, name: string, fallback: FakeModel): ServedModel {
  const { fake, tile } = modelShapeOf(one, fallback);
  const key = JSON.stringify([fake, tile, name]);
  const model = models.get(key) ?? servedFake(fake, { name, version: 1 }, tile);
  models.set(key, model);
  return model;
}

interface FakeModel {
  readonly fake: string;
  readonly tile: readonly number[];
}

/** The fake of a case and the shape of its tiles; of a group whose cases use this one when they do not say. */
export function modelShapeOf({ params }: GoldenCase, fallback: FakeModel): FakeModel {
  return {
    fake: (params['fake_model'] ?? fallback.fake) as string,
    tile: (params['model_image_shape'] ?? fallback.tile) as readonly number[],
  };
}

interface Replay {
  readonly deployment: Deployment;
  readonly recorder: PredictRecorder;
}

interface Wanted {
  readonly models: readonly ServedModel[];
  readonly environment: Hash;
}

/** The consumer that stands ready: the next case takes it if it wants the same. */
let ready: (Wanted & Replay) | undefined;

after(() => ready?.deployment.close());

/** Does something with a consumer that has these models behind it. The recorder knows nothing of earlier cases. */
export async function withDeployment(
  wanted: Wanted,
  use: (replay: Replay) => Promise<void>,
): Promise<void> {
  const { deployment, recorder } = await readyFor(wanted);
  recorder.forget();
  await use({ deployment, recorder });
}

async function readyFor(wanted: Wanted): Promise<Replay> {
  if (ready !== undefined && isSame(ready, wanted)) return ready;
  await ready?.deployment.close();
  ready = undefined;
  const recorder = new PredictRecorder();
  const deployment = await Deployment.open({
    models: wanted.models,
    environment: { ...ANY_SIZE, ...wanted.environment },
    onRequest: recorder.onRequest,
  });
  ready = { ...wanted, deployment, recorder };
  return ready;
}

function isSame(one: Wanted, other: Wanted): boolean {
  return (
    isDeepStrictEqual(one.environment, other.environment) &&
    one.models.length === other.models.length &&
    one.models.every((model, at) => model === other.models[at])
  );
}

const submitted = new WeakMap<Deployment, number>();

/** A name that no job of a deployment has had: 1, 2, 3, … */
export function nextName(deployment: Deployment): string {
  const number = (submitted.get(deployment) ?? 0) + 1;
  submitted.set(deployment, number);
  return String(number);
}

/** Uploads an image, submits its job and waits until that has ended. */
export async function endedJob(
  deployment: Deployment,
  { shape, data }: NdArray,
  fields: Hash,
  name = nextName(deployment),
): Promise<Hash> {
  const key = `${deployment.queue}:${name}`;
  await deployment.upload('uploads/a.tif', encodeTiff({ shape, data: Float32Array.from(data) }));
  await deployment.submit(key, {
    input_file_name: 'uploads/a.tif',
    original_name: 'my cells.tif',
    ...fields,
  });
  return deployment.ended(key);
}

/** Runs a job that must succeed. */
export async function doneJob(deployment: Deployment, image: NdArray, fields: Hash): Promise<Hash> {
  const hash = await endedJob(deployment, image, fields);
  assert.equal(hash['status'], 'done', hash['reason']);
  return hash;
}

/** The scale of a case, as the web form would give it. */
export function scaleOf({ params }: GoldenCase): string {
  return `${(params['scale'] ?? '') as string | number}`;
}

/** One channel of one batch item of an array `[batch, row, column, channel]`, as float32. */
export function plane({ shape, data }: NdArray, batch: number, channel: number): Float32Array {
  const [, rows = 0, columns = 0, channels = 1] = shape;
  const first = batch * rows * columns;
  return Float32Array.from(
    { length: rows * columns },
    (_, at) => data[(first + at) * channels + channel],
  );
}

/** The image in an entry of a result. */
export function imageIn(bytes: Uint8Array, name: string): NdArray {
  return decodeImage({ bytes, name, limits: NO_LIMITS });
}
