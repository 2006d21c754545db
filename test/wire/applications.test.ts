import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { readNpy } from '../../src/formats/npy.ts';
import type { Image, NdArray } from '../../src/imaging/array.ts';
import { type Hash, Station } from '../fakes/consumer-process.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { type GoldenCase, goldenCases } from '../goldens/load.ts';
import { assertTilesSent } from '../goldens/requests.ts';
import { upsideDown } from '../goldens/upside-down.ts';
import { SentTensors } from './sent-tensors.ts';

const NO_LIMITS = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };
const MODEL = { name: 'Fake', version: 1 };
/** One call after the other, so that tiles come in their order. */
const IN_ORDER = { MODEL_SERVER_CALLS: '1' };

/** The cases of a group that have an image and name their model: those that a job can be made of. */
function replayable(group: string): GoldenCase[] {
  return goldenCases(group).filter(
    ({ inputNames, params }) => inputNames.includes('image') && params['fake_model'] !== undefined,
  );
}

/** A consumer with the fake model of a case behind it, and what that model was sent. */
async function stationFor(
  one: GoldenCase,
  fallback: readonly number[],
  environment: Hash,
): Promise<{ readonly station: Station; readonly sent: SentTensors }> {
  const tile = (one.params['model_image_shape'] ?? fallback) as readonly number[];
  const sent = new SentTensors();
  const station = await Station.open({
    models: [servedFake(String(one.params['fake_model']), MODEL, tile)],
    environment: { ...IN_ORDER, ...environment },
    witness: sent.witness,
  });
  return { station, sent };
}

async function runJob(station: Station, image: NdArray, fields: Hash): Promise<Hash> {
  await station.upload('uploads/a.tif', encodeTiff(image as Image));
  await station.submit(`${station.queue}:1`, {
    ...fields,
    input_file_name: 'uploads/a.tif',
    original_name: 'my cells.tif',
  });
  const hash = await station.ended(`${station.queue}:1`);
  assert.equal(hash['status'], 'done', hash['reason']);
  return hash;
}

const scaleOf = ({ params }: GoldenCase): string => `${(params['scale'] ?? '') as string | number}`;

interface Detection {
  readonly field: 'scale' | 'label';
  readonly settings: Hash;
}

/** What a case of the detection models is about, by the fake that it uses. */
function detectionOf({ params }: GoldenCase): Detection {
  return String(params['fake_model']).startsWith('scale')
    ? { field: 'scale', settings: { SCALE_DETECT_ENABLED: 'true', SCALE_DETECT_MODEL: 'Fake:1' } }
    : { field: 'label', settings: { LABEL_DETECT_ENABLED: 'true', LABEL_DETECT_MODEL: 'Fake:1' } };
}

/** One channel of one batch item of labels `[batch, row, column, channel]`, as float32. */
function plane({ shape, data }: NdArray, batch: number, channel: number): Float32Array {
  const [, rows = 0, columns = 0, channels = 1] = shape;
  const first = batch * rows * columns;
  return Float32Array.from(
    { length: rows * columns },
    (_, i) => data[(first + i) * channels + channel],
  );
}

/** An image of several batch items as spot jobs have it: the last axis, because it is the shortest. */
function batchLast(image: NdArray): NdArray {
  const [batches = 0, rows = 0, columns = 0] = image.shape;
  const planes = Array.from({ length: batches }, (_, batch) => plane(image, batch, 0));
  const data = new Float32Array(image.data.length);
  data.forEach((_, at) => (data[at] = planes[at % batches]?.[Math.floor(at / batches)] ?? NaN));
  return { shape: [rows, columns, batches], data };
}

const label = (name: string, bytes: Uint8Array): NdArray =>
  decodeImage({ bytes, name, limits: NO_LIMITS });

for (const [group, channels] of [
  ['app_nuclear', '0,'],
  ['app_cytoplasm', ',0'],
] as const) {
  for (const one of replayable(group)) {
    test(`${group}: ${one.name}, from LPUSH to the labels in the zip`, async () => {
      const names = { CONSUMER_TYPE: 'segmentation', QUEUE: 'segmentation' };
      const models = { NUCLEAR_MODEL: 'Fake:1', CYTOPLASM_MODEL: 'Fake:1' };
      const { station, sent } = await stationFor(one, [256, 256, 1], { ...names, ...models });
      try {
        const { shape, data } = one.input('image');
        const image = { shape: shape.slice(0, 3), data };
        const scale = scaleOf(one);
        const hash = await runJob(station, image, { dimension_order: 'BXY', channels, scale });
        const labels = one.output('labels');
        const entries = await station.result(hash);
        const expected = Array.from(
          { length: shape[0] ?? 0 },
          (_, b) => `my cells_batch_${b}_feature_0.tif`,
        );
        assert.deepEqual([...entries.keys()], expected);
        [...entries].forEach(([name, bytes], batch) => {
          assert.deepEqual(label(name, bytes).data, plane(labels, batch, 0));
        });
        assertTilesSent(one, sent.to('Fake'));
      } finally {
        await station.close();
      }
    });
  }
}

for (const one of goldenCases('app_cytoplasm').filter(isTwoChannels)) {
  test(`app_cytoplasm: ${one.name}, nuclei and whole cells of two channels`, async () => {
    const sent = new SentTensors();
    const station = await Station.open({
      models: ['Fake', 'Other'].map((name) =>
        servedFake('seg2', { name, version: 1 }, [256, 256, 1]),
      ),
      environment: {
        ...IN_ORDER,
        CONSUMER_TYPE: 'segmentation',
        QUEUE: 'segmentation',
        NUCLEAR_MODEL: 'Fake:1',
        CYTOPLASM_MODEL: 'Other:1',
      },
      witness: sent.witness,
    });
    try {
      const first = one.input('image') as Image;
      const [, rows = 0, columns = 0] = first.shape;
      const data = new Float32Array(2 * first.data.length);
      data.set(first.data);
      data.set(upsideDown(first).data, first.data.length);
      const channels = String(one.params['channels']);
      const image = { shape: [2, rows, columns], data };
      const hash = await runJob(station, image, { dimension_order: 'CXY', channels });
      const entries = await station.result(hash);
      const names = ['my cells_batch_0_feature_0.tif', 'my cells_batch_0_feature_1.tif'];
      assert.deepEqual([...entries.keys()], names);
      [...entries].forEach(([name, bytes], channel) => {
        assert.deepEqual(label(name, bytes).data, plane(one.output('results_bxyc'), 0, channel));
      });
      assertTilesSent(one, [...sent.to('Fake'), ...sent.to('Other')]);
    } finally {
      await station.close();
    }
  });
}

/** The reference's consumer on two channels: the image, and the same upside down. */
function isTwoChannels({ outputNames }: GoldenCase): boolean {
  return outputNames.includes('results_bxyc');
}

for (const one of replayable('app_mesmer')) {
  test(`app_mesmer: ${one.name}, from LPUSH to the labels in the zip`, async () => {
    const names = { CONSUMER_TYPE: 'mesmer', QUEUE: 'mesmer', MESMER_MODEL: 'Fake:1' };
    const { station, sent } = await stationFor(one, [256, 256, 2], names);
    try {
      const { shape, data } = one.input('image');
      const channelsFirst = [0, 1].map((channel) => plane({ shape, data }, 0, channel));
      const image = {
        shape: [2, shape[1] ?? 0, shape[2] ?? 0],
        data: Float32Array.from(channelsFirst.flatMap((values) => [...values])),
      };
      const compartment = String(one.params['compartment']);
      const scale = scaleOf(one);
      const hash = await runJob(station, image, { compartment, scale });
      assert.equal(hash['dim_order'], 'CYX');
      const labels = one.output('labels');
      const entries = await station.result(hash);
      const features = Array.from(
        { length: labels.shape[3] ?? 0 },
        (_, c) => `my cells_feature_${c}.tif`,
      );
      assert.deepEqual([...entries.keys()], features);
      [...entries].forEach(([name, bytes], channel) => {
        assert.deepEqual(label(name, bytes).shape, [1, ...labels.shape.slice(1, 3)]);
        assert.deepEqual(label(name, bytes).data, plane(labels, 0, channel));
      });
      assertTilesSent(one, sent.to('Fake'));
    } finally {
      await station.close();
    }
  });
}

for (const one of replayable('app_spot')) {
  test(`app_spot: ${one.name}, from LPUSH to the spots in the zip`, async () => {
    const { station, sent } = await stationFor(one, [128, 128, 1], {
      CONSUMER_TYPE: 'spot',
      QUEUE: 'spot',
      POLARIS_MODEL: 'Fake:1',
      POLARIS_THRESHOLD: String(one.params['threshold']),
      POLARIS_CLIP: String(one.params['clip']),
    });
    try {
      const { shape, data } = one.input('image');
      const entries = await station.result(await runJob(station, batchLast({ shape, data }), {}));
      const names = Array.from({ length: shape[0] ?? 0 }, (_, b) => [
        `my cells_${b}.tif`,
        `my cells_${b}.npy`,
      ]);
      assert.deepEqual([...entries.keys()], names.flat());
      const points = names.flatMap(([, npy]) => [
        ...readNpy(entries.get(npy ?? '') ?? new Uint8Array()).data,
      ]);
      const expected = one.outputNames.toSorted().flatMap((name) => [...one.output(name).data]);
      assert.deepEqual(points, expected);
      assertTilesSent(one, sent.to('Fake'));
    } finally {
      await station.close();
    }
  });
}

for (const one of replayable('app_detection')) {
  test(`app_detection: ${one.name}, from LPUSH to the field of the hash`, async () => {
    const { field, settings } = detectionOf(one);
    const names = {
      CONSUMER_TYPE: 'segmentation',
      QUEUE: 'segmentation',
      NUCLEAR_MODEL: 'Cells:1',
    };
    const tile = (one.params['model_image_shape'] ?? [216, 216, 1]) as readonly number[];
    const sent = new SentTensors();
    const station = await Station.open({
      models: [
        servedFake(String(one.params['fake_model']), MODEL, tile),
        servedFake('seg2', { name: 'Cells', version: 1 }, [256, 256, 1]),
      ],
      environment: { ...IN_ORDER, ...names, ...settings },
      witness: sent.witness,
    });
    try {
      const { shape, data } = one.input('image');
      const image = { shape: shape.slice(0, 3), data };
      const hash = await runJob(station, image, { dimension_order: 'BXY', channels: '0,' });
      assert.equal(Number(hash[field]), one.output('value').data[0]);
      assertTilesSent(one, sent.to('Fake'));
    } finally {
      await station.close();
    }
  });
}

test('a detection model that is disabled is not even asked for its shape', async () => {
  const asked: string[] = [];
  const station = await Station.open({
    models: [servedFake('seg2', MODEL, [256, 256, 1])],
    environment: { CONSUMER_TYPE: 'segmentation', QUEUE: 'segmentation', NUCLEAR_MODEL: 'Fake:1' },
    witness: (path, message) => asked.push(`${path} ${message.toString('latin1')}`),
  });
  try {
    const image = { shape: [64, 64], data: new Float32Array(4096) };
    const hash = await runJob(station, image, { dimension_order: 'XY', channels: '0,' });
    assert.equal(hash['scale'], '1');
    assert.equal('label' in hash, false);
    assert.ok(asked.some((call) => call.includes('Fake')));
    assert.deepEqual(
      asked.filter((call) => call.includes('Detection')),
      [],
    );
  } finally {
    await station.close();
  }
});
