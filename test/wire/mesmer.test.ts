import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NdArray } from '../../src/imaging/array.ts';
import { type Compartment, mesmer } from '../../src/imaging/applications/application.ts';
import { assertTilesSent } from '../goldens/requests.ts';
import { tilesInOrder } from '../goldens/tiles-in-order.ts';
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

const TISSUE = { fake: 'mesmer4', tile: [256, 256, 2] };
const ENVIRONMENT = { CONSUMER_TYPE: 'mesmer', QUEUE: 'mesmer', MESMER_MODEL: 'Tissue:1' };

for (const one of resultCases('app_mesmer')) {
  test(`app_mesmer: ${one.name}, from LPUSH to the labels in the zip`, async () => {
    const model = modelOf(one, 'Tissue', TISSUE);
    await withDeployment({ models: [model], environment: ENVIRONMENT }, async (replay) => {
      const { deployment, recorder } = replay;
      const compartment = String(one.params['compartment']);
      const image = channelsFirst(one.input('image'));
      const hash = await doneJob(deployment, image, { compartment, scale: scaleOf(one) });
      assert.equal(hash['dim_order'], 'CYX');
      assertFeatures(await deployment.result(hash), one.output('labels'));
      const { tile } = modelShapeOf(one, TISSUE);
      const application = mesmer(one.params['compartment'] as Compartment);
      const scale = Number(scaleOf(one) || 1);
      const inOrder = tilesInOrder({ image: one.input('image'), tile, application, scale });
      assertTilesSent(one, recorder.sentTo('Tissue'), [inOrder]);
    });
  });
}

/** The planes of an image of one batch item as the pages of a TIFF file. */
function channelsFirst(image: NdArray): NdArray {
  const [, rows = 0, columns = 0, channels = 0] = image.shape;
  const planes = Array.from({ length: channels }, (_, channel) => plane(image, 0, channel));
  const data = Float32Array.from(planes.flatMap((values) => [...values]));
  return { shape: [channels, rows, columns], data };
}

/** A file for each compartment, each with a batch axis. */
function assertFeatures(entries: ReadonlyMap<string, Uint8Array>, labels: NdArray): void {
  const [, rows, columns, channels = 0] = labels.shape;
  const expected = Array.from({ length: channels }, (_, channel) => [
    `my cells_feature_${channel}.tif`,
    [1, rows, columns],
    plane(labels, 0, channel),
  ]);
  const found = [...entries].map(([name, bytes]) => {
    const { shape, data } = imageIn(bytes, name);
    return [name, shape, data];
  });
  assert.deepEqual(found, expected);
}
