import assert from 'node:assert/strict';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import type { NdArray } from '../../src/imaging/array.ts';
import type { ServedModel } from '../../src/stand-in-server/served-model.ts';
import { type Hash, Station } from '../harness/consumer-process.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { PredictRecorder } from '../harness/predict-recorder.ts';
import { type GoldenCase, goldenCases } from '../goldens/load.ts';

/** Goldens may be larger than what a consumer takes by default. */
const ANY_SIZE = { MAX_IMAGE_HEIGHT: '0', MAX_IMAGE_WIDTH: '0' };
const NO_LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };

/** The cases of a group that give a result. The others are in `refused.test.ts`. */
export function resultCases(group: string): GoldenCase[] {
  return goldenCases(group).filter(({ expectError }) => expectError === undefined);
}

/** The model of a case under a name, for a group whose cases use this fake when they do not say. */
export function modelOf(one: GoldenCase, name: string, fallback: FakeModel): ServedModel {
  const { fake, tile } = modelShapeOf(one, fallback);
  return servedFake(fake, { name, version: 1 }, tile);
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
  readonly station: Station;
  readonly recorder: PredictRecorder;
}

/** Does something with a consumer that has these models behind it. */
export async function withStation(
  { models, environment }: { readonly models: readonly ServedModel[]; readonly environment: Hash },
  use: (replay: Replay) => Promise<void>,
): Promise<void> {
  const recorder = new PredictRecorder();
  const station = await Station.open({
    models,
    environment: { ...ANY_SIZE, ...environment },
    witness: recorder.witness,
  });
  try {
    await use({ station, recorder });
  } finally {
    await station.close();
  }
}

/** Uploads an image, submits its job and waits until that has ended. */
export async function endedJob(
  station: Station,
  { shape, data }: NdArray,
  fields: Hash,
  name = '1',
): Promise<Hash> {
  const key = `${station.queue}:${name}`;
  await station.upload('uploads/a.tif', encodeTiff({ shape, data: Float32Array.from(data) }));
  await station.submit(key, {
    input_file_name: 'uploads/a.tif',
    original_name: 'my cells.tif',
    ...fields,
  });
  return station.ended(key);
}

/** Runs a job that must succeed. */
export async function doneJob(station: Station, image: NdArray, fields: Hash): Promise<Hash> {
  const hash = await endedJob(station, image, fields);
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
