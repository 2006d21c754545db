import { encodeTiff } from '../../../src/formats/encode-tiff.ts';
import type { ServedModel } from '../../../src/stand-in-server/served-model.ts';
import { servedFake } from '../../fakes/fake-models.ts';
import { servedTrackers } from '../../fakes/served-trackers.ts';
import { buildZip } from '../../harness/images/zip-builder.ts';
import type { Environment } from './pods.ts';

/** A kind of job made of jobs, small enough to be done in about a second. */
export interface Kind {
  readonly models: readonly ServedModel[];
  /** The list of the parents. */
  readonly queue: string;
  /** One for each pod, those of the parents first. */
  readonly pods: readonly Environment[];
  readonly file: { readonly name: string; readonly bytes: Uint8Array };
  readonly fields: Readonly<Record<string, string>>;
}

const SIDE = 64;
const IMAGES = 50;
const FRAMES = 20;

const CELLS = servedFake('seg2', { name: 'Cells', version: 1 }, [SIDE, SIDE, 1]);
const SPOTS = servedFake('spot2', { name: 'Spots', version: 1 }, [SIDE, SIDE, 1]);

const SEGMENTATION = {
  CONSUMER_TYPE: 'segmentation',
  QUEUE: 'segmentation',
  NUCLEAR_MODEL: 'Cells:1',
  CYTOPLASM_MODEL: 'Cells:1',
};

/** Bright squares on a dark ground, which move from plane to plane. */
function planes(shape: readonly number[], seed: number): Uint8Array {
  const size = shape.reduce((product, length) => product * length, 1);
  const data = Float32Array.from({ length: size }, (_, at) => {
    const [plane, row, column] = [
      Math.floor(at / SIDE / SIDE),
      Math.floor(at / SIDE) % SIDE,
      at % SIDE,
    ];
    const isBright = (row + plane) % 24 > 8 && (column + seed) % 24 > 8;
    return isBright ? 800 + ((at * (seed + 3)) % 211) : at % 7;
  });
  return Uint8Array.from(encodeTiff({ shape, data }));
}

const TRACKING = {
  SEGMENTATION_QUEUE: 'segmentation',
  TRACKING_MODEL: 'Tracker:1',
  NEIGHBORHOOD_ENCODER: 'Encoder:1',
};
const POLARIS_MODEL = 'Spots:1';

/** Two pods for the parents of all kinds, and two for their children. */
export const PODS_OF_ALL: readonly Environment[] = [
  { CONSUMERS: 'zip:segmentation,caliban,polaris', ...TRACKING },
  { CONSUMERS: 'zip:segmentation,caliban,polaris', ...TRACKING },
  { ...SEGMENTATION, CONSUMERS: 'segmentation,spot', POLARIS_MODEL },
  { ...SEGMENTATION, CONSUMERS: 'segmentation,spot', POLARIS_MODEL },
];

const zip = (): Kind => {
  const parents = { CONSUMER_TYPE: 'zip', QUEUE: 'segmentation' };
  const members = Array.from({ length: IMAGES }, (_, n) => ({
    name: `folder/${n}.tif`,
    data: planes([SIDE, SIDE], n),
  }));
  return {
    models: [CELLS],
    queue: 'segmentation-zip',
    pods: [parents, parents, SEGMENTATION, SEGMENTATION],
    file: { name: 'many.zip', bytes: buildZip(members) },
    fields: { channels: '0,', dimension_order: 'XY' },
  };
};

const movie = (): Kind => {
  const parents = { CONSUMER_TYPE: 'caliban', QUEUE: 'caliban', ...TRACKING };
  return {
    models: [CELLS, ...servedTrackers('tracker')],
    queue: 'caliban',
    pods: [parents, parents, SEGMENTATION, SEGMENTATION],
    file: { name: 'movie.tif', bytes: planes([FRAMES, SIDE, SIDE], 1) },
    fields: {},
  };
};

const polaris = (): Kind => {
  const parents = { CONSUMER_TYPE: 'polaris', QUEUE: 'polaris' };
  const spots = { CONSUMER_TYPE: 'spot', QUEUE: 'spot', POLARIS_MODEL };
  return {
    models: [CELLS, SPOTS],
    queue: 'polaris',
    pods: [parents, parents, spots, SEGMENTATION],
    // Pages are the channels: spots, nuclei, cytoplasm.
    file: { name: 'spots.tif', bytes: planes([3, SIDE, SIDE], 2) },
    fields: { channels: '0,1,2', segmentation_type: 'cell culture', dimension_order: 'CXY' },
  };
};

export const KINDS = { zip, movie, polaris } as const;

export type KindName = keyof typeof KINDS;

export function kindNamed(name: string): KindName {
  const found = Object.keys(KINDS).find((one): one is KindName => one === name);
  if (found !== undefined) return found;
  throw new Error(`--parents is "${name}", but must be one of ${Object.keys(KINDS).join(', ')}.`);
}
