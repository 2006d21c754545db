import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import { writeNpy } from '../../src/formats/npy/npy.ts';
import { readNpy } from '../../src/formats/npy/npy.ts';
import type { NdArray } from '../../src/imaging/array.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { GOLDENS, type GoldenCase, goldenCases } from '../goldens/load.ts';
import { type Hash, Deployment } from '../harness/processes/consumer-process.ts';
import { namedTiff } from '../harness/images/named-tiff.ts';
import { buildZip } from '../harness/images/zip-builder.ts';
import { imageIn, plane } from './replay.ts';

const POLARIS = { CONSUMER_TYPE: 'polaris', QUEUE: 'polaris' };

const MODELS = [
  servedFake('spot2', { name: 'Spots', version: 1 }, [64, 64, 1]),
  servedFake('seg2', { name: 'Cells', version: 1 }, [64, 64, 1]),
  servedFake('mesmer4', { name: 'Tissue', version: 1 }, [64, 64, 2]),
];

/** Consumers of the queues of the children. */
const CHILDREN = {
  spot: { CONSUMER_TYPE: 'spot', QUEUE: 'spot', POLARIS_MODEL: 'Spots:1' },
  segmentation: {
    CONSUMER_TYPE: 'segmentation',
    QUEUE: 'segmentation',
    NUCLEAR_MODEL: 'Cells:1',
    CYTOPLASM_MODEL: 'Cells:1',
  },
  mesmer: {
    CONSUMER_TYPE: 'mesmer',
    QUEUE: 'mesmer',
    MESMER_MODEL: 'Tissue:1',
    MESMER_COMPARTMENT: 'both',
  },
};

/** Uploads an image `[batch, row, column, channel]`, submits its job and waits until that has ended. */
async function run(
  deployment: Deployment,
  name: string,
  { image, ...fields }: { readonly image: NdArray } & Readonly<Record<string, unknown>>,
): Promise<Hash> {
  const data = Float32Array.from(image.data);
  await deployment.upload(`uploads/${name}.tif`, encodeTiff({ shape: image.shape, data }));
  const file = { input_file_name: `uploads/${name}.tif`, original_name: `plate 1/${name}.tif` };
  const key = `polaris:${name}.tif:1`;
  await deployment.submit(key, { ...file, ...(fields as Hash), dimension_order: 'BXYC' });
  return deployment.ended(key);
}

/** Bright, textured squares on a dark ground, at other places in each channel. */
function rendered(batches: number, channels: number, rows = 64): NdArray<Float32Array> {
  const shape = [batches, rows, 64, channels];
  const data = Float32Array.from({ length: batches * rows * 64 * channels }, (_, at) => {
    const [channel, pixel] = [at % channels, Math.floor(at / channels)];
    const [row, column] = [Math.floor((pixel % (64 * rows)) / 64), pixel % 64];
    const isBright = (row + 5 * channel) % 24 > 8 && (column + 3 * channel) % 24 > 8;
    return isBright ? 500 + ((pixel * 37) % 311) : pixel % 7;
  });
  return { shape, data };
}

const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

describe('polaris jobs, whose children other processes do', () => {
  let deployment: Deployment;
  before(async () => {
    deployment = await Deployment.open({ models: MODELS, environment: POLARIS });
    await Promise.all(Object.values(CHILDREN).map((child) => deployment.startBeside(child)));
  });
  after(() => deployment.close());

  /** The result of a job on one plane alone, from the consumer that does the children. */
  async function alone(
    queue: keyof typeof CHILDREN,
    image: NdArray<Float32Array>,
    fields: Hash,
  ): Promise<Map<string, Uint8Array>> {
    const key = `${queue}:alone:${Math.random()}`;
    await deployment.upload('uploads/alone.tif', encodeTiff(image));
    await deployment.submit(
      key,
      { input_file_name: 'uploads/alone.tif', original_name: 'a.tif', ...fields },
      queue,
    );
    const hash = await deployment.ended(key);
    assert.equal(hash['status'], 'done', hash['reason']);
    const entries = await deployment.result(hash);
    await deployment.remove(hash['output_file_name'] ?? '');
    return entries;
  }

  /** Rows of a table made of points and label images as SCIENCE has it: the label at the truncated place. */
  function rowsOf(points: NdArray, labels: readonly NdArray[]): (number | undefined)[][] {
    return Array.from({ length: points.data.length / 2 }, (_, spot) => {
      const [y = NaN, x = NaN] = points.data.slice(2 * spot, 2 * spot + 2);
      const index = (value: number): number => (Math.trunc(value) + 64) % 64;
      return [x, y, ...labels.map(({ data }) => data[index(y) * 64 + index(x)])];
    });
  }

  function tableOf(bytes: Uint8Array | undefined): { header: string; rows: number[][] } {
    const [header = '', ...lines] = text(bytes).split('\r\n');
    assert.equal(lines.pop(), '', 'the last line ends too');
    return { header, rows: lines.map((line) => line.split(',').map(Number)) };
  }

  const image = rendered(2, 3);
  const planes = (channel: number): NdArray<Float32Array> => ({
    shape: [2, 64, 64],
    data: Float32Array.from([0, 1].flatMap((batch) => [...plane(image, batch, channel)])),
  });

  test('cells of a culture: spots, nuclei and cytoplasm of each image of the batch', async () => {
    const hash = await run(deployment, 'spot mesmer', {
      image,
      channels: '2,0,1',
      segmentation_type: 'cell culture',
    });
    assert.equal(hash['status'], 'done', hash['reason']);
    const entries = await deployment.result(hash);
    const stem = 'plate 1/spot mesmer';
    assert.deepEqual(
      [...entries.keys()],
      [0, 1].flatMap((batch) => [
        `${stem}_batch_${batch}_feature_0.tif`,
        `${stem}_batch_${batch}_feature_1.tif`,
        `${stem}_${batch}.csv`,
      ]),
    );
    assert.deepEqual(await deployment.objects(), [hash['output_file_name']]);

    const spots = await alone('spot', planes(2), {});
    const form = { dimension_order: 'BXY', scale: '0.38' };
    const nuclei = await alone('segmentation', planes(0), { ...form, channels: '0,' });
    const cytoplasm = await alone('segmentation', planes(1), { ...form, channels: ',0' });
    let found = 0;
    for (const batch of [0, 1]) {
      const labels = [nuclei, cytoplasm].map((files, feature) => {
        const expected = files.get(`a_batch_${batch}_feature_0.tif`);
        assert.ok(expected !== undefined);
        const name = `${stem}_batch_${batch}_feature_${feature}.tif`;
        assert.ok(Buffer.from(expected).equals(entries.get(name) ?? Buffer.alloc(0)), name);
        return imageIn(expected, 'a.tif');
      });
      const { header, rows } = tableOf(entries.get(`${stem}_${batch}.csv`));
      assert.equal(header, 'x,y,cellID0,cellID1');
      assert.deepEqual(
        rows,
        rowsOf(readNpy(spots.get(`a_${batch}.npy`) ?? new Uint8Array()), labels),
      );
      found += rows.filter((row) => (row[2] ?? 0) > 0).length;
    }
    assert.ok(found > 0, 'some spots lie in cells');
    const keys = hash['children']?.split(',') ?? [];
    assert.deepEqual(
      keys.map((key) => key.replaceAll(/[0-9a-f]{32}/g, '#')),
      ['spot', 'segmentation', 'segmentation'].map(
        (queue) => `${queue}:#-plate 1_spot mesmer.tif-${queue}-image.tif:#`,
      ),
    );
  });

  test('cells of tissue: one mesmer job for each image, with both compartments', async () => {
    const hash = await run(deployment, 'tissue', {
      image,
      channels: '0,1,2',
      segmentation_type: 'tissue',
    });
    assert.equal(hash['status'], 'done', hash['reason']);
    assert.equal(hash['children:done'], '3');
    const entries = await deployment.result(hash);
    for (const batch of [0, 1]) {
      const both = Float32Array.from([...plane(image, batch, 1), ...plane(image, batch, 2)]);
      const cells = await alone('mesmer', { shape: [2, 64, 64], data: both }, { scale: '0.38' });
      const spots = await alone('spot', planes(0), {});
      const labels = [0, 1].map((feature) => {
        const expected = imageIn(
          cells.get(`a_feature_${feature}.tif`) ?? new Uint8Array(),
          'a.tif',
        );
        const name = `plate 1/tissue_batch_${batch}_feature_${feature}.tif`;
        const own = imageIn(entries.get(name) ?? new Uint8Array(), 'a.tif');
        assert.deepEqual([own.shape, own.data], [[64, 64], expected.data]);
        return own;
      });
      const { header, rows } = tableOf(entries.get(`plate 1/tissue_${batch}.csv`));
      assert.equal(header, 'x,y,cellID0,cellID1');
      assert.deepEqual(
        rows,
        rowsOf(readNpy(spots.get(`a_${batch}.npy`) ?? new Uint8Array()), labels),
      );
    }
  });

  test('channels may be named as the file has them: the result is that of their numbers', async () => {
    const one = rendered(1, 3);
    const data = Float32Array.from([0, 1, 2].flatMap((channel) => [...plane(one, 0, channel)]));
    const file = namedTiff({ shape: [3, 64, 64], data }, ['DAPI', 'Mem', 'FISH']);
    await deployment.upload('uploads/named.tif', file);
    const results = ['FISH,DAPI,Mem', '2,0,1'].map(async (channels) => {
      const key = `polaris:named:${channels}`;
      const fields = { input_file_name: 'uploads/named.tif', original_name: 'named.tif', channels };
      await deployment.submit(key, { ...fields, segmentation_type: 'cell culture' });
      const hash = await deployment.ended(key);
      assert.equal(hash['status'], 'done', hash['reason']);
      return deployment.result(hash);
    });
    const [named, numbered] = await Promise.all(results);
    assert.equal(named?.size, 3);
    assert.deepEqual(named, numbered);
  });

  test('portrait images of a stack are images: each has the spots that it has alone', async () => {
    const tall = rendered(2, 2, 96);
    const hash = await run(deployment, 'tall', {
      image: tall,
      channels: '0,1',
      segmentation_type: 'cell culture',
    });
    assert.equal(hash['status'], 'done', hash['reason']);
    const entries = await deployment.result(hash);
    for (const batch of [0, 1]) {
      const one = { shape: [96, 64], data: plane(tall, batch, 0) };
      const spots = await alone('spot', one, {});
      const points = readNpy(spots.get('a_0.npy') ?? new Uint8Array());
      const { rows } = tableOf(entries.get(`plate 1/tall_${batch}.csv`));
      assert.ok(rows.length > 0);
      assert.deepEqual(
        rows.map((row) => row.slice(0, 2)),
        rowsOf(points, []),
      );
    }
  });

  test('no cells: tables of spots alone', async () => {
    const hash = await run(deployment, 'none', { image, channels: '', segmentation_type: 'none' });
    assert.equal(hash['status'], 'done', hash['reason']);
    const entries = await deployment.result(hash);
    assert.deepEqual([...entries.keys()], ['plate 1/none_0.csv', 'plate 1/none_1.csv']);
    const { header, rows } = tableOf(entries.get('plate 1/none_0.csv'));
    assert.equal(header, 'x,y');
    assert.ok(rows.length > 0);
  });

  test('an image without spots has a table without rows', async () => {
    const dark = { shape: [1, 64, 64, 1], data: new Float32Array(4096) };
    const hash = await run(deployment, 'dark', { image: dark, segmentation_type: 'none' });
    assert.equal(hash['status'], 'done', hash['reason']);
    assert.equal(text((await deployment.result(hash)).get('plate 1/dark_0.csv')), 'x,y\r\n');
  });

  test('a child that fails fails the job, with its queue and its reason', async () => {
    const fields = { channels: '0,1', segmentation_type: 'cell culture', scale: '0.38' };
    await deployment.startBeside({
      ...POLARIS,
      HOSTNAME: 'pod-2',
      QUEUE: 'other',
      POLARIS_SCALE: '50',
    });
    await deployment.upload('uploads/far.tif', encodeTiff(planesAsChannels()));
    const file = { input_file_name: 'uploads/far.tif', original_name: 'far.tif' };
    await deployment.submit('other:far', { ...file, ...fields, dimension_order: 'BXYC' }, 'other');
    const hash = await deployment.ended('other:far');
    assert.equal(hash['status'], 'failed');
    assert.match(
      hash['reason'] ?? '',
      /^The segmentation job that looks for nuclei failed: scale is "50", but must be/,
    );
  });

  function planesAsChannels(): NdArray<Float32Array> {
    return rendered(1, 2);
  }

  for (const [what, fields, reason] of [
    [
      'an unknown kind',
      { channels: '0,1', segmentation_type: 'bacteria' },
      /"cell culture", "tiss/,
    ],
    ['cells of no kind', { channels: '0,1' }, /segmentation_type is "", but must be one of/],
    ['no spots', { channels: ',1' }, /must name the channel of the spots first/],
    ['half a tissue', { channels: '0,1', segmentation_type: 'tissue' }, /spots, nuclei and membr/],
    ['no cells', { channels: '0', segmentation_type: 'cell culture' }, /nuclei or cytoplasm/],
    ['a channel too far', { channels: '3', segmentation_type: 'none' }, /names channel 3, but/],
    ['four channels', { channels: '0,1,2,0', segmentation_type: 'none' }, /more than three/],
    ['words', { channels: 'red', segmentation_type: 'none' }, /must be whole numbers/],
  ] as const) {
    test(`fails at once if it asks for ${what}`, async () => {
      const hash = await run(deployment, what, { image, ...fields });
      assert.equal(hash['status'], 'failed');
      assert.match(hash['reason'] ?? '', reason);
      assert.equal(hash['error_code'], 'invalid_job');
    });
  }
});

/** Does the children of a job as a consumer that knows no parents: results and the original's fields, no more. */
async function finishChildren(
  deployment: Deployment,
  parent: string,
  results: Readonly<Record<string, Buffer>>,
): Promise<void> {
  for (const [queue, archive] of Object.entries(results)) {
    const key = await deployment.until(
      async () => (await deployment.redis.rpop(queue)) ?? undefined,
    );
    const fileName = `output/${queue}-of-${parent}.zip`;
    await deployment.upload(fileName, archive);
    const url = 'https://example.org/x.zip';
    const output = { output_file_name: fileName, output_url: url, total_jobs: 1, total_time: 0.5 };
    await deployment.redis.hset(key, { ...output, status: 'done', finished_at: 'now' });
  }
}

/** The results of children that found the points and labels of a case. */
function resultsOf(one: GoldenCase): Record<string, Buffer> {
  const labels = one.input('labels');
  const points = one.input('coords');
  const [, rows = 0, columns = 0] = labels.shape;
  const cells = (channel: number): Uint8Array => {
    const data = plane(labels, 0, channel);
    return encodeTiff({ shape: [1, rows, columns], data });
  };
  const npy = writeNpy({ shape: points.shape, data: Float64Array.from(points.data) });
  const spots = buildZip([
    { name: 'x_0.tif', data: cells(0) },
    { name: 'x_0.npy', data: npy },
  ]);
  const features = Array.from({ length: Number(one.params['channels']) }, (_, channel) => ({
    name: `x_feature_${channel}.tif`,
    data: cells(channel),
  }));
  return { spot: spots, mesmer: buildZip(features) };
}

for (const one of goldenCases('polaris').filter(({ params }) => 'channels' in params)) {
  test(`polaris: ${one.name}, byte for byte, of children that another consumer did`, async () => {
    const deployment = await Deployment.open({ models: [], environment: POLARIS });
    try {
      const [, rows = 0, columns = 0] = one.input('labels').shape;
      const image = { shape: [1, rows, columns, 3], data: new Float32Array(3 * rows * columns) };
      image.data.fill(1);
      const ending = run(deployment, one.name, {
        image,
        channels: '0,1,2',
        segmentation_type: 'tissue',
      });
      await finishChildren(deployment, one.name, resultsOf(one));
      const hash = await ending;
      assert.equal(hash['status'], 'done', hash['reason']);
      const table = (await deployment.result(hash)).get(`plate 1/${one.name}_0.csv`);
      const expected = readFileSync(
        `${GOLDENS}/${one.group}/rows_${String(one.params['channels'])}.csv`,
      );
      assert.equal(text(table), expected.toString());
    } finally {
      await deployment.close();
    }
  });
}
