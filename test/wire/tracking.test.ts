import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { writeNpy } from '../../src/formats/npy/npy.ts';
import { sizeOf } from '../../src/imaging/array.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { servedTrackers } from '../fakes/served-trackers.ts';
import type { ServedModel } from '../../src/stand-in-server/served-model.ts';
import { type GoldenCase, goldenCases } from '../goldens/load.ts';
import { type Hash, Deployment } from '../harness/processes/consumer-process.ts';
import { imageIn, nextName, withDeployment } from './replay.ts';

const ENVIRONMENT = {
  CONSUMER_TYPE: 'tracking',
  QUEUE: 'track',
  SEGMENTATION_QUEUE: 'segmentation',
  TRACKING_MODEL: 'Tracker:1',
  NEIGHBORHOOD_ENCODER: 'Encoder:1',
  NUCLEAR_MODEL: 'Cells:1',
};

/** Raw and labels of a case in a tar archive, as a job of labelled frames has them. */
async function trackFile(one: GoldenCase): Promise<Buffer> {
  const archive = pack();
  for (const [name, array] of [
    ['raw.npy', one.input('X')],
    ['tracked.npy', one.input('y')],
  ] as const) {
    const bytes = writeNpy({ shape: array.shape, data: Float32Array.from(array.data) });
    archive.entry({ name }, Buffer.from(bytes));
  }
  archive.finalize();
  return buffer(archive as AsyncIterable<Buffer>);
}

async function track(deployment: Deployment, name: string, file: Uint8Array): Promise<Hash> {
  await deployment.upload(`uploads/${name}`, file);
  // A form of another job type may come along: nothing of it counts.
  const form = { channels: '2', dimension_order: 'CXYB', scale: '5' };
  const fields = { input_file_name: `uploads/${name}`, original_name: `plate 1/${name}` };
  const key = `track:${name}:${nextName(deployment)}`;
  await deployment.submit(key, { ...fields, ...form });
  return deployment.ended(key);
}

const trackers = new Map<unknown, readonly ServedModel[]>();

/** The models of a case: the same objects for the same kind, so that one consumer serves the cases that want them. */
function trackersOf({ params }: GoldenCase): readonly ServedModel[] {
  const kind = String(params['fake_inference']);
  const models = trackers.get(kind) ?? servedTrackers(kind);
  trackers.set(kind, models);
  return models;
}

const settingsIn = (one: GoldenCase): string =>
  JSON.stringify([one.params['fake_inference'], settingsOf(one)]);

// Those with the same settings follow each other.
for (const one of goldenCases('app_tracking').toSorted((first, second) =>
  settingsIn(first).localeCompare(settingsIn(second)),
)) {
  test(`app_tracking: ${one.name}, from LPUSH to the tracks in the zip`, async () => {
    const models = trackersOf(one);
    const environment = { ...ENVIRONMENT, ...settingsOf(one) };
    await withDeployment({ models, environment }, async ({ deployment }) => {
      const hash = await track(deployment, 'movie.TRK', await trackFile(one));
      if (one.expectError === undefined) await assertTracks(deployment, hash, one);
      else {
        assert.equal(hash['status'], 'failed');
        assert.match(hash['reason'] ?? '', /frame|nothing to track/i);
      }
    });
  });
}

function settingsOf({ params }: GoldenCase): Hash {
  const names = {
    MAX_DISTANCE: 'distance_threshold',
    APPEARANCE_DIM: 'appearance_dim',
    BIRTH: 'birth',
    DEATH: 'death',
    DIVISION: 'division',
    TRACK_LENGTH: 'track_length',
    CROP_MODE: 'crop_mode',
    CALIBAN_NORM: 'norm',
  };
  return Object.fromEntries(
    Object.entries(names).map(([variable, name]) => [variable, String(params[name])]),
  );
}

async function assertTracks(deployment: Deployment, hash: Hash, one: GoldenCase): Promise<void> {
  assert.equal(hash['status'], 'done', hash['reason']);
  assert.equal(hash['total_jobs'], '1');
  const entries = await deployment.result(hash);
  assert.deepEqual([...entries.keys()], ['plate 1/movie_feature_0.tif', 'lineage.json']);
  const tracked = one.output('y_tracked');
  const found = imageIn(entries.get('plate 1/movie_feature_0.tif') ?? new Uint8Array(), 'a.tif');
  assert.deepEqual(found.shape, tracked.shape.slice(0, 3));
  assert.deepEqual(Array.from(found.data), Array.from(tracked.data));
  // As json.dump writes it: with a blank after each comma and colon.
  const lineage = JSON.stringify(one.extra['lineage']).replaceAll(/[,:]/g, '$& ');
  assert.equal(Buffer.from(entries.get('lineage.json') ?? []).toString(), lineage);
}

const CELLS = servedFake('seg2', { name: 'Cells', version: 1 }, [64, 64, 1]);

/** Frames of bright squares; the last frames can be spoilt. */
function movie(frames: number): Uint8Array {
  const shape = [frames, 64, 64];
  const isBright = (at: number): boolean => {
    const [row, column] = [Math.floor((at % 4096) / 64), at % 64];
    return row % 24 > 8 && column % 24 > 8;
  };
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, at) =>
    isBright(at) ? 1000 : at % 7,
  );
  return Uint8Array.from(encodeTiff({ shape, data }));
}

test('the frames of a stack are segmented as jobs of their own, and nothing of them stays', async () => {
  const models = [...servedTrackers('tracker'), CELLS];
  const deployment = await Deployment.open({ models, environment: ENVIRONMENT });
  try {
    await deployment.startBeside({
      ...ENVIRONMENT,
      CONSUMER_TYPE: 'segmentation',
      QUEUE: 'segmentation',
    });
    const hash = await track(deployment, 'movie.tif', movie(40));
    assert.equal(hash['status'], 'done', hash['reason']);
    assert.equal(hash['children:done'], '40');
    const entries = await deployment.result(hash);
    const found = imageIn(entries.get('plate 1/movie_feature_0.tif') ?? new Uint8Array(), 'a.tif');
    assert.deepEqual(found.shape, [40, 64, 64]);
    assert.match(Buffer.from(entries.get('lineage.json') ?? []).toString(), /^\{"1": \{"label": 1/);
    const [child = ''] = hash['children']?.split(',') ?? [];
    assert.match(
      child,
      /^segmentation:[0-9a-f]{32}-plate 1_movie\.tif-tracking-frame-0\.tif:[0-9a-f]{32}$/,
    );
    assert.deepEqual(await deployment.objects(), [hash['output_file_name']]);
    const broken = await track(
      deployment,
      'flat.tif',
      Uint8Array.from(encodeTiff({ shape: [64, 64], data: new Float32Array(4096) })),
    );
    assert.equal(broken['status'], 'failed');
    assert.match(
      broken['reason'] ?? '',
      /A movie needs frames × rows × columns; the axes of this file are YX/,
    );
    const dark = await track(
      deployment,
      'dark.tif',
      Uint8Array.from(encodeTiff({ shape: [3, 64, 64], data: new Float32Array(12288) })),
    );
    assert.equal(dark['reason'], 'There is nothing to track: no cells were found in any frame.');
  } finally {
    await deployment.close();
  }
});

test('the first frame that fails fails the job, with its number and its reason', async () => {
  const models = [...servedTrackers('tracker'), CELLS];
  const limits = { MAX_IMAGE_HEIGHT: '64', MAX_IMAGE_WIDTH: '64' };
  const deployment = await Deployment.open({ models, environment: ENVIRONMENT });
  try {
    const beside = {
      CONSUMER_TYPE: 'segmentation',
      QUEUE: 'segmentation',
      NUCLEAR_MODEL: 'None:1',
    };
    await deployment.startBeside({ ...ENVIRONMENT, ...limits, ...beside });
    const hash = await track(deployment, 'movie.tif', movie(3));
    assert.equal(hash['status'], 'failed');
    assert.match(hash['reason'] ?? '', /^Frame \d failed: .*None/);
    const isEmpty = async () => (await deployment.objects()).length === 0 || undefined;
    await deployment.until(isEmpty, 20_000);
  } finally {
    await deployment.close();
  }
});
