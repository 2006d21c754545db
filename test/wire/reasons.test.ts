import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeTiff } from '../../src/formats/encode-tiff.ts';
import type { Image } from '../../src/imaging/array.ts';
import { type Hash, Station } from '../fakes/consumer-process.ts';
import { servedFake } from '../fakes/fake-models.ts';

/** What is wrong with a job, and the last line of its `reason`: what a web page shows. */
interface BadJob {
  readonly what: string;
  readonly shape: readonly number[];
  readonly fields: Hash;
  readonly reason: string;
}

interface Kind {
  readonly workflow: string;
  readonly environment: Hash;
  readonly models: readonly [fake: string, name: string, tile: readonly number[]][];
  readonly jobs: readonly BadJob[];
}

const CELLS: Hash = { dimension_order: 'XY', channels: '0,' };
const ORDERS = 'XY, BXY, CXY, XYB, XYC, BXYC, CXYB';

const KINDS: readonly Kind[] = [
  {
    workflow: 'segmentation',
    environment: { NUCLEAR_MODEL: 'Cells:1', CYTOPLASM_MODEL: 'Pairs:1', MAX_IMAGE_WIDTH: '100' },
    models: [
      ['seg2', 'Cells', [32, 32, 1]],
      ['seg2', 'Pairs', [32, 32, 2]],
    ],
    jobs: [
      {
        what: 'a dimension order that does not exist',
        shape: [40, 40],
        fields: { ...CELLS, dimension_order: 'YX' },
        reason: `dimension_order is "YX", but must be one of ${ORDERS}.`,
      },
      {
        what: 'a dimension order of another rank',
        shape: [40, 40],
        fields: { ...CELLS, dimension_order: 'BXYC' },
        reason: 'dimension_order "BXYC" names 4 axes, but the image has 2 (shape 40 × 40).',
      },
      {
        what: 'more channels than the image has',
        shape: [40, 40],
        fields: { ...CELLS, channels: '0,0' },
        reason: 'channels is "0,0" and names 2 channels, but the image has 1.',
      },
      {
        what: 'a channel that the image does not have',
        shape: [40, 40],
        fields: { ...CELLS, channels: '3,' },
        reason: 'channels is "3,", but "3" is no channel of the image, which has 1 (0 to 0).',
      },
      {
        what: 'a scale that is no number',
        shape: [40, 40],
        fields: { ...CELLS, scale: 'abc' },
        reason: 'scale is "abc", but must be a number from 0.1 to 10.',
      },
      {
        what: 'a scale that is too large',
        shape: [40, 40],
        fields: { ...CELLS, scale: '50' },
        reason: 'scale is "50", but must be a number from 0.1 to 10.',
      },
      {
        what: 'an image that is too wide',
        shape: [40, 101],
        fields: CELLS,
        reason:
          'The image has 40 × 101 pixels; at most 2048 × 100 are allowed (MAX_IMAGE_HEIGHT × MAX_IMAGE_WIDTH).',
      },
      {
        what: 'a model of two channels',
        shape: [40, 40],
        fields: { ...CELLS, channels: ',0' },
        reason: 'Input data must have 2 channels. Input data only has 1 channels',
      },
      {
        what: 'a file of another kind',
        shape: [40, 40],
        fields: { ...CELLS, input_file_name: 'uploads/a.zip' },
        reason: 'Invalid filetype for "segmentation" job.',
      },
    ],
  },
  {
    workflow: 'mesmer',
    environment: { MESMER_MODEL: 'Tissue:1' },
    models: [['seg3', 'Tissue', [32, 32, 2]]],
    jobs: [
      {
        what: 'a compartment that does not exist',
        shape: [2, 40, 40],
        fields: { compartment: 'cytoplasm' },
        reason:
          "Invalid compartment supplied: cytoplasm. Must be one of ['whole-cell', 'nuclear', 'both']",
      },
      {
        what: 'one channel where two are needed',
        shape: [40, 40],
        fields: {},
        reason: 'Input data must have 4 dimensions. Input data only has 3 dimensions',
      },
      {
        what: 'a model with three outputs',
        shape: [2, 40, 40],
        fields: { compartment: 'whole-cell' },
        reason: 'output_list was length 3, expecting length 4',
      },
    ],
  },
  {
    workflow: 'spot',
    environment: { POLARIS_MODEL: 'Spots:1' },
    models: [['spot2', 'Spots', [32, 32, 1]]],
    jobs: [
      {
        what: 'an image of four axes',
        shape: [2, 3, 40, 40],
        fields: {},
        reason:
          'A spot job needs an image of two or three axes, but this one has 4 (shape 2 × 3 × 40 × 40).',
      },
    ],
  },
];

for (const { workflow, environment, models, jobs } of KINDS) {
  describe(`what a failed ${workflow} job says in the last line of its reason`, () => {
    let station: Station;
    before(async () => {
      station = await Station.open({
        models: models.map(([fake, name, tile]) => servedFake(fake, { name, version: 1 }, tile)),
        environment: { CONSUMER_TYPE: workflow, QUEUE: workflow, ...environment },
      });
    });
    after(() => station.close());

    jobs.forEach(({ what, shape, fields, reason }, number) => {
      test(what, async () => {
        const file = `uploads/${number}.tif`;
        await station.upload(file, encodeTiff(blank(shape)));
        const key = `${workflow}:${number}`;
        await station.submit(key, { input_file_name: file, original_name: 'a.tif', ...fields });
        const hash = await station.ended(key);
        assert.equal(hash['status'], 'failed');
        assert.equal(hash['reason']?.split('\n').at(-1), reason);
      });
    });
  });
}

function blank(shape: readonly number[]): Image {
  const size = shape.reduce((product, axis) => product * axis, 1);
  return { shape, data: Float32Array.from({ length: size }, (_, at) => at % 17) };
}
