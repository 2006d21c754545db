import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readNpy } from '../../src/formats/npy/npy.ts';
import type { NdArray } from '../../src/imaging/array.ts';
import type { GoldenCase } from '../goldens/load.ts';
import { spots } from '../../src/imaging/applications/application.ts';
import { assertTilesSent } from '../goldens/requests.ts';
import { tilesInOrder } from '../goldens/tiles-in-order.ts';
import {
  doneJob,
  imageIn,
  modelOf,
  modelShapeOf,
  plane,
  resultCases,
  withDeployment,
} from './replay.ts';

const SPOTS = { fake: 'spot2', tile: [128, 128, 1] };

for (const one of resultCases('app_spot')) {
  test(`app_spot: ${one.name}, from LPUSH to the spots in the zip`, async () => {
    const models = [modelOf(one, 'Spots', SPOTS)];
    await withDeployment(
      { models, environment: settingsOf(one) },
      async ({ deployment, recorder }) => {
        const image = one.input('image');
        const hash = await doneJob(deployment, batchLast(image), {});
        assertSpots(await deployment.result(hash), one, image.shape);
        const { tile } = modelShapeOf(one, SPOTS);
        const application = spots({ clip: one.params['clip'] === true });
        assertTilesSent(one, recorder.sentTo('Spots'), [
          tilesInOrder({ image, tile, application }),
        ]);
      },
    );
  });
}

function settingsOf({ params }: GoldenCase): Readonly<Record<string, string>> {
  return {
    CONSUMER_TYPE: 'spot',
    QUEUE: 'spot',
    POLARIS_MODEL: 'Spots:1',
    POLARIS_THRESHOLD: String(params['threshold']),
    POLARIS_CLIP: String(params['clip']),
  };
}

/** An image of several batch items as spot jobs have it: the last axis, because it is the shortest. */
function batchLast(image: NdArray): NdArray {
  const [batches = 0, rows = 0, columns = 0] = image.shape;
  const planes = Array.from({ length: batches }, (_, batch) => plane(image, batch, 0));
  const data = new Float32Array(image.data.length);
  data.forEach((_, at) => (data[at] = planes[at % batches]?.[Math.floor(at / batches)] ?? NaN));
  return { shape: [rows, columns, batches], data };
}

/** For each batch item a picture of its size and a list of points. */
function assertSpots(
  entries: ReadonlyMap<string, Uint8Array>,
  one: GoldenCase,
  [batches = 0, rows, columns]: readonly number[],
): void {
  const stems = Array.from({ length: batches }, (_, batch) => `my cells_${batch}`);
  assert.deepEqual(
    [...entries.keys()],
    stems.flatMap((stem) => [`${stem}.tif`, `${stem}.npy`]),
  );
  const file = (name: string): Uint8Array => entries.get(name) ?? new Uint8Array();
  for (const stem of stems) {
    const picture = imageIn(file(`${stem}.tif`), `${stem}.tif`);
    assert.deepEqual(picture.shape, [rows, columns, 3]);
  }
  const points = stems.flatMap((stem) => [...readNpy(file(`${stem}.npy`)).data]);
  const lists = one.outputNames.toSorted(new Intl.Collator('en', { numeric: true }).compare);
  const expected = lists.flatMap((name) => [...one.output(name).data]);
  assert.deepEqual(points, expected);
}
