import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { decodeImage } from '../../src/formats/decode-image.ts';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import type { ServedModel } from '../../src/stand-in-server/served-model.ts';
import { Deployment } from '../harness/processes/consumer-process.ts';

const FOLDER = fileURLToPath(new URL('../../examples/workflows/', import.meta.url));
const SIZE = 128;
/** Where discs are drawn. */
const CENTRES = [
  [30, 30],
  [40, 90],
  [95, 64],
] as const;
const RADIUS = 9;

/** Its heads: how deep in a disc a pixel is, and whether it is in one. */
function brightness(name: string, version: number, side: number): ServedModel {
  const shape = [-1, side, side, 1];
  return {
    name,
    version,
    inputs: [{ name: 'image', type: 'float32', shape }],
    outputs: ['inner', 'interior'].map((output) => ({ name: output, type: 'float32', shape })),
    predict: (inputs) => {
      const { shape: batch = [], data = new Float32Array(0) } = inputs.get('image') ?? {};
      return new Map([
        ['inner', { shape: batch, data }],
        ['interior', { shape: batch, data: data.map((value) => Number(value > 0)) }],
      ]);
    },
  };
}

let deployment: Deployment;

before(async () => {
  const files = ['counting.ts', 'cascade.ts', 'positions.ts', 'bright-nuclei.yaml'];
  deployment = await Deployment.open({
    models: [
      brightness('NuclearSegmentation', 6, 64),
      brightness('Detector', 1, 64),
      brightness('Outliner', 1, 64),
    ],
    environment: {
      WORKFLOW_MODULES: files.map((file) => FOLDER + file).join(','),
      CONSUMERS: 'counting,cascade,positions,bright-nuclei',
      POSITIONS_QUEUE: 'counting',
    },
  });
  await deployment.upload('uploads/a.tif', encodeTiff(discs([0])));
  await deployment.upload('uploads/stack.tif', encodeTiff(discs([0, 1])));
});

after(() => deployment.close());

/** `[image, row, column]`: cones on a dark ground; a later image has fewer. */
function discs(images: readonly number[]): { shape: number[]; data: Float32Array } {
  const data = new Float32Array(images.length * SIZE * SIZE);
  for (const image of images) {
    for (const [row, column] of CENTRES.slice(image)) {
      for (let at = 0; at < SIZE * SIZE; at++) {
        const depth = RADIUS - Math.hypot(Math.floor(at / SIZE) - row, (at % SIZE) - column);
        if (depth > 0) data[image * SIZE * SIZE + at] = depth / RADIUS;
      }
    }
  }
  const shape = images.length === 1 ? [SIZE, SIZE] : [images.length, SIZE, SIZE];
  return { shape, data };
}

async function resultOf(
  queue: string,
  file: string,
  fields = {},
): Promise<Map<string, Uint8Array>> {
  const key = `${queue}:${file}`;
  const job = { input_file_name: `uploads/${file}`, original_name: file, ...fields };
  await deployment.submit(key, job, queue);
  const hash = await deployment.ended(key);
  assert.equal(hash['status'], 'done', hash['reason']);
  return deployment.result(hash);
}

function labelsOf(bytes: Uint8Array | undefined): Float32Array {
  assert.ok(bytes);
  const limits = { maxHeight: 0, maxWidth: 0, maxFileBytes: 2 ** 30 };
  return decodeImage({ bytes, name: 'labels.tif', limits }).data;
}

const text = (bytes: Uint8Array | undefined): string =>
  Buffer.from(bytes ?? [])
    .toString()
    .trim();

/** Each disc has one label of its own, and the ground none. */
function assertDiscs(labels: Float32Array): void {
  const found = CENTRES.map(([row, column]) => labels[row * SIZE + column]);
  assert.equal(new Set(found).size, CENTRES.length);
  assert.ok(!found.includes(0));
  assert.equal(new Set(labels).size, CENTRES.length + 1);
}

test('counting leaves labels and their number', async () => {
  const files = await resultOf('counting', 'a.tif');
  assert.deepEqual([...files.keys()], ['a_labels.tif', 'a_counts.csv']);
  assertDiscs(labelsOf(files.get('a_labels.tif')));
  assert.match(text(files.get('a_counts.csv')), /^image,cells\r?\na\.tif,3$/);
});

test('a cascade outlines each cell that it finds', async () => {
  const files = await resultOf('cascade', 'a.tif');
  assertDiscs(labelsOf(files.get('cells.tif')));
});

test('a parent has each position of a stack done by another queue of the process', async () => {
  const files = await resultOf('positions', 'stack.tif', { dimension_order: 'BXY' });
  const counts = [...files].filter(([name]) => name.endsWith('.csv'));
  assert.deepEqual(
    counts.map(([, bytes]) => text(bytes).split(/\r?\n/)[1]),
    ['stack_position_0.tif,3', 'stack_position_1.tif,2'],
  );
  const left = await deployment.objects();
  assert.ok(!left.some((key) => key.includes('-position-')), left.join());
});

test('a workflow in YAML labels and counts', async () => {
  const files = await resultOf('bright-nuclei', 'a.tif');
  const counts = [...files].find(([name]) => name.endsWith('_counts.csv'));
  assert.match(text(counts?.[1]), /^image,feature,cells\r?\na\.tif,0,\d+$/);
});
