import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CELLS } from '../../src/imaging/applications/application.ts';
import type { NdArray } from '../../src/imaging/array.ts';
import type { ServedModel } from '../../src/stand-in-server/served-model.ts';
import type { Hash } from '../harness/processes/consumer-process.ts';
import type { GoldenCase } from '../goldens/load.ts';
import { assertTilesFit, assertTilesSent, fitsModel, tilesOf } from '../goldens/requests.ts';
import { assertSamePartition } from '../goldens/same-partition.ts';
import { tilesInOrder } from '../goldens/tiles-in-order.ts';
import { upsideDown } from '../goldens/upside-down.ts';
import {
  doneJob,
  imageIn,
  modelOf,
  modelShapeOf,
  plane,
  resultCases,
  scaleOf,
  withDeployment,
} from './replay.ts';

const ENVIRONMENT = {
  CONSUMER_TYPE: 'segmentation',
  QUEUE: 'segmentation',
  NUCLEAR_MODEL: 'Nuclear:1',
  CYTOPLASM_MODEL: 'Cytoplasm:1',
};

/** The positions of `channels`. */
const POSITIONS = ['Nuclear', 'Cytoplasm'] as const;

const SEGMENTS_TWO = { fake: 'seg2', tile: [256, 256, 1] };

for (const one of resultCases('app_nuclear', 'app_cytoplasm')) {
  test(`${one.group}: ${one.name}, from LPUSH to the labels in the zip`, async () => {
    await replay(one, one.group === 'app_cytoplasm' ? ',0' : '0,');
  });
}

/**
 * Runs a case and compares the labels in the zip and the tiles on the wire with what the reference has. Gives the number of calls that the
 * models got.
 */
async function replay(one: GoldenCase, alone: string, environment: Hash = {}): Promise<number> {
  const models = modelsOf(one);
  let calls = 0;
  await withDeployment(
    { models, environment: { ...ENVIRONMENT, ...environment } },
    async ({ deployment, recorder }) => {
      const { channels, ...job } = jobOf(one, alone);
      const fields = { dimension_order: job.order, channels, scale: scaleOf(one) };
      const entries = await deployment.result(await doneJob(deployment, job.image, fields));
      const sent = POSITIONS.flatMap((name) => recorder.sentTo(name));
      calls = sent.length;
      const labels = one.output(one.outputNames[0] ?? '');
      if (!fitsModel(one)) {
        const [[name, bytes] = ['', new Uint8Array()]] = entries;
        assertSamePartition(imageIn(bytes, name).data, labels.data);
        assertTilesFit(one, sent);
        return;
      }
      assertPlanes(entries, labels);
      const inOrder = job.images.map((image) => tilesOfImage(one, image));
      assertTilesSent(one, sent, inOrder);
    },
  );
  return calls;
}

function modelsOf(one: GoldenCase): ServedModel[] {
  return POSITIONS.map((name) => modelOf(one, name, SEGMENTS_TWO));
}

/** The tiles of one channel of the image `[batch, row, column, 1]`. */
function tilesOfImage(one: GoldenCase, image: NdArray): NdArray<Float32Array> {
  const { tile } = modelShapeOf(one, SEGMENTS_TWO);
  return tilesInOrder({ image, tile, application: CELLS, scale: Number(scaleOf(one) || 1) });
}

interface CellsJob {
  readonly image: NdArray;
  /** The channels that the models see, one after the other. */
  readonly images: readonly NdArray[];
  readonly order: string;
  readonly channels: string;
}

/** A case that names its channels has the image in the first and the same upside down in the second; others have one channel. */
function jobOf(one: GoldenCase, alone: string): CellsJob {
  const { shape, data } = one.input('image');
  const channels = one.params['channels'];
  if (typeof channels !== 'string') {
    const image = { shape: shape.slice(0, 3), data };
    return { image, images: [{ shape, data }], order: 'BXY', channels: alone };
  }
  const mirrored = upsideDown({ shape, data: Float32Array.from(data) });
  const both = Float32Array.from(
    { length: 2 * data.length },
    (_, at) => (at % 2 === 0 ? data : mirrored.data).at(at >> 1) ?? NaN,
  );
  const image = { shape: [...shape.slice(0, 3), 2], data: both };
  return { image, images: [{ shape, data }, mirrored], order: 'BXYC', channels };
}

/** A file for each batch item and channel, batch by batch. */
function assertPlanes(entries: ReadonlyMap<string, Uint8Array>, labels: NdArray): void {
  const [batches = 0, , , channels = 1] = labels.shape;
  const expected = Array.from({ length: batches * channels }, (_, index) => {
    const [batch, channel] = [Math.floor(index / channels), index % channels];
    return [`my cells_batch_${batch}_feature_${channel}.tif`, plane(labels, batch, channel)];
  });
  assert.deepEqual(
    [...entries].map(([name, bytes]) => [name, imageIn(bytes, name).data]),
    expected,
  );
}

const byTiles = resultCases('app_nuclear').toSorted((one, other) => tilesOf(other) - tilesOf(one));
for (const one of byTiles.slice(0, 1)) {
  test(`app_nuclear: ${one.name}, the same tiles for a server that takes three at a time`, async () => {
    // A tile of 256 × 256 pixels counts as four rows.
    const calls = await replay(one, '0,', { TF_MAX_BATCH_SIZE: '12' });
    assert.ok(calls >= tilesOf(one) / 3, `${calls} calls`);
  });
}
