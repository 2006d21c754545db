import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sizeOf } from '../../src/imaging/array.ts';
import type { ServedModel } from '../../src/stand-in-server/served-model.ts';
import { type Hash, Deployment } from '../harness/processes/consumer-process.ts';
import { servedFake } from '../fakes/fake-models.ts';
import { goldenCases } from '../goldens/load.ts';
import { endedJob } from './replay.ts';

const CELLS = servedFake('seg2', { name: 'Cells', version: 1 }, [256, 256, 1]);
const TISSUE = servedFake('mesmer4', { name: 'Tissue', version: 1 }, [256, 256, 2]);
const PAIRS = servedFake('seg2', { name: 'Pairs', version: 1 }, [256, 256, 2]);
const TWO_OUTPUTS = servedFake('seg2', { name: 'TwoOutputs', version: 1 }, [256, 256, 2]);
/** Gives one number of each tile, where a segmentation needs one of each pixel. */
const NO_IMAGE = servedFake('scale1', { name: 'NoImage', version: 1 }, [256, 256, 1]);

interface Refusal {
  readonly what: string;
  readonly shape?: readonly number[];
  readonly fields?: Hash;
  readonly reason: string;
}

interface Consumer {
  readonly type: string;
  readonly models: readonly ServedModel[];
  readonly environment?: Hash;
  readonly refusals: readonly Refusal[];
}

/** What the reference refuses: wrong ranks, which a mesmer job can have, and wrong channels, which a job that names its model can have. */
const refusedCells = ['app_nuclear', 'app_cytoplasm'].flatMap((group) =>
  goldenCases(group).flatMap(({ name, params, expectError }) => {
    const shape = params['shape'] as readonly number[];
    return expectError === undefined
      ? []
      : [{ what: `${group}: ${name}`, shape, reason: expectError }];
  }),
);
const wrongRanks = refusedCells
  .filter(({ shape }) => shape.length !== 4)
  .map((one) => ({ ...one, shape: one.shape.slice(1).map(() => 8) }));
const wrongChannels = refusedCells
  .filter(({ shape }) => shape.length === 4)
  .map((one) => ({ ...one, shape: one.shape.slice(1) }));
const wrongCompartments = goldenCases('app_mesmer').flatMap(({ name, params, expectError }) => {
  const fields = { compartment: String(params['compartment']) };
  return expectError === undefined
    ? []
    : [{ what: `app_mesmer: ${name}`, fields, reason: expectError }];
});

/** What the reference says of a wrong rank, and what can be meant by it. */
function inOurWordsToo({ reason, shape }: (typeof wrongRanks)[number]): string {
  const wanted =
    shape.length === 2
      ? 'A mesmer job needs two channels in one file: the nuclei, and the membranes or cytoplasm.'
      : 'A mesmer job takes one image with its channels.';
  return `${reason}: the image has the shape ${shape.join(' × ')}. ${wanted}`;
}

function invalidFile(type: string): Refusal {
  return {
    what: 'a file type that the queue does not take',
    fields: { input_file_name: 'uploads/a.Zip' },
    reason: `Invalid filetype for "${type}" job.`,
  };
}

const CONSUMERS: readonly Consumer[] = [
  {
    type: 'segmentation',
    models: [CELLS, NO_IMAGE, PAIRS],
    environment: {
      NUCLEAR_MODEL: 'Cells:1',
      CYTOPLASM_MODEL: 'NoImage:1',
      PHASE_MODEL: 'Pairs:1',
      MAX_IMAGE_WIDTH: '32',
      MAX_IMAGE_HEIGHT: '64',
    },
    refusals: [
      invalidFile('segmentation'),
      {
        what: 'a dimension order that there is not',
        fields: { dimension_order: 'TXY' },
        reason:
          'dimension_order is "TXY", but must be one of XY, BXY, CXY, XYB, XYC, BXYC, BCXY, CXYB.',
      },
      {
        what: 'a dimension order of another rank',
        fields: { dimension_order: 'XYB' },
        reason: 'dimension_order "XYB" names 3 axes, but the image has 2 (shape 8 × 9).',
      },
      {
        what: 'a channel that the image does not have',
        fields: { channels: '1,' },
        reason: 'channels is "1,", but "1" is no channel of the image, which has 1 (0 to 0).',
      },
      {
        what: 'more channels than the image has',
        fields: { channels: '0,0' },
        reason: 'channels is "0,0" and names 2 channels, but the image has 1.',
      },
      {
        what: 'a scale that is too large',
        fields: { scale: '11' },
        reason: 'scale is "11", but must be a number from 0.1 to 10.',
      },
      {
        what: 'a scale that is too small',
        fields: { scale: '0.05' },
        reason: 'scale is "0.05", but must be a number from 0.1 to 10.',
      },
      {
        what: 'a scale that is no number',
        fields: { scale: 'wide' },
        reason: 'scale is "wide", but must be a number from 0.1 to 10.',
      },
      {
        what: 'an image that is too large',
        shape: [70, 9],
        reason:
          '"my cells.tif" is 70 × 9 pixels large; at most 64 × 32 are allowed (MAX_IMAGE_HEIGHT × MAX_IMAGE_WIDTH).',
      },
      {
        what: 'an image that is too wide',
        shape: [9, 40],
        reason:
          '"my cells.tif" is 9 × 40 pixels large; at most 64 × 32 are allowed (MAX_IMAGE_HEIGHT × MAX_IMAGE_WIDTH).',
      },
      {
        what: 'a model of two channels',
        fields: { channels: ',,0' },
        reason: 'Input data must have 2 channels. Input data only has 1 channels',
      },
      {
        what: 'a model whose outputs have another shape than its tiles',
        fields: { channels: ',0' },
        reason:
          'The model made outputs of shape 1 of tiles of 256 × 256; they must have the same rows and columns.',
      },
    ],
  },
  {
    type: 'mesmer',
    models: [TISSUE],
    environment: { MESMER_MODEL: 'Tissue:1' },
    refusals: [
      invalidFile('mesmer'),
      ...wrongRanks.map((one) => ({ ...one, reason: inOurWordsToo(one) })),
      ...wrongCompartments,
      {
        what: 'an image of one plane',
        shape: [8, 9],
        reason:
          'Input data must have 4 dimensions. Input data only has 3 dimensions: the image has the ' +
          'shape 8 × 9. A mesmer job needs two channels in one file: the nuclei, and the membranes or cytoplasm.',
      },
      {
        what: 'an image of three channels',
        shape: [3, 8, 9],
        reason:
          'Input data must have 2 channels. Input data only has 3 channels. ' +
          'The field channels chooses them, the nuclei first, as in channels=0,1.',
      },
      {
        what: 'an empty channel',
        shape: [2, 8, 9],
        fields: { channels: '0,' },
        reason:
          'channels is "0,", but must name two of the image\'s 2 channels (0 to 1), as in "0,1".',
      },
      {
        what: 'a compartment that there is not',
        shape: [2, 8, 9],
        fields: { compartment: 'membrane' },
        reason:
          "Invalid compartment supplied: membrane. Must be one of ['whole-cell', 'nuclear', 'both']",
      },
    ],
  },
  {
    type: 'multiplex',
    models: [TWO_OUTPUTS],
    environment: { MESMER_MODEL: 'TwoOutputs:1' },
    refusals: [
      invalidFile('multiplex'),
      {
        what: 'a model of too few outputs',
        shape: [2, 8, 9],
        reason: 'output_list was length 2, expecting length 4',
      },
    ],
  },
  {
    type: 'spot',
    models: [CELLS],
    refusals: [
      invalidFile('spot'),
      {
        what: 'an image of four axes',
        shape: [2, 3, 8, 9],
        reason:
          'A spot job needs an image of two or three axes, but this one has 4 (shape 2 × 3 × 8 × 9).',
      },
    ],
  },
  {
    type: 'image',
    models: [CELLS],
    refusals: [
      invalidFile('image'),
      ...wrongChannels.map((one) => ({
        ...one,
        fields: { model_name: 'Cells', model_version: '1' },
      })),
      {
        what: 'an image of too many axes',
        shape: [2, 3, 8, 9],
        fields: { model_name: 'Cells', model_version: '1' },
        reason: 'Input data must have 4 dimensions. Input data only has 5 dimensions',
      },
    ],
  },
];

for (const { type, models, environment, refusals } of CONSUMERS) {
  describe(`the last line of the reason why ${type} refuses`, () => {
    let deployment: Deployment;
    before(async () => {
      deployment = await Deployment.open({
        models,
        environment: { CONSUMER_TYPE: type, QUEUE: type, ...environment },
      });
    });
    after(() => deployment.close());
    for (const refusal of refusals) test(refusal.what, () => assertRefused(deployment, refusal));
  });
}

/** The reason is one line, so that it has no other last line, and no line end behind it. */
async function assertRefused(deployment: Deployment, refusal: Refusal): Promise<void> {
  const { what, shape = [8, 9], fields = {}, reason } = refusal;
  const image = { shape, data: Float32Array.from({ length: sizeOf(shape) }, (_, at) => at) };
  const hash = await endedJob(deployment, image, fields, what);
  assert.equal(hash['status'], 'failed');
  assert.equal(hash['reason'], reason);
  assert.match(hash['finished_at'] ?? '', /^\d{4}-.*Z$/);
  assert.equal(hash['output_url'], undefined);
}

for (const { name, params, expectError } of goldenCases('app_spot')) {
  if (expectError === undefined) continue;
  test(`app_spot: ${name}, which is refused at the start, because it is a setting`, async () => {
    const threshold = String(params['threshold']);
    const environment = { CONSUMER_TYPE: 'spot', QUEUE: 'spot', POLARIS_THRESHOLD: threshold };
    const refusal = /The consumer ended with [1-9][^]*POLARIS_THRESHOLD is/;
    await assert.rejects(Deployment.open({ models: [], environment }), refusal);
  });
}
