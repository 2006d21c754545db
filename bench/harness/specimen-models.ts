import { type Heads, modelHeads } from '../kernels/specimens.ts';
import type { NdArray } from '../../src/imaging/array.ts';
import type { ServedModel, Tensors } from '../../src/stand-in-server/served-model.ts';

const TILE = 256;
/** Rendered tiles of heads; which one answers a tile depends on its pixels, so that a mix-up of tiles changes the result. */
const VARIANTS = 4;
/** Outputs of a compartment: the inner distance, and three classes of which the second is the interior. */
const CLASSES = 3;

/** The heads of one tile by output, elements in the order of the wire. */
type TileHeads = ReadonlyMap<string, { readonly channels: number; readonly data: Float32Array }>;

/** For images so small that what surrounds them is measured. */
const SMALL = 64;

/**
 * Models that answer at once, as many bytes as the trained ones and realistic nuclei in them: what a consumer takes beside the model is
 * measured, not the model.
 */
export function specimenModels(): ServedModel[] {
  const rendered = Array.from({ length: VARIANTS }, (_, variant) => modelHeads(TILE, 1 + variant));
  const tiny = Array.from({ length: VARIANTS }, (_, variant) => modelHeads(SMALL, 1 + variant));
  return [
    servedModel(
      { name: 'SmallSegmentation', version: 1, channels: 1, side: SMALL },
      tiny.map(nuclear),
    ),
    servedModel({ name: 'NuclearSegmentation', version: 6, channels: 1 }, rendered.map(nuclear)),
    servedModel(
      { name: 'MultiplexSegmentation', version: 9, channels: 2 },
      rendered.map(multiplex),
    ),
  ];
}

function nuclear({ distance, interior }: Heads): TileHeads {
  return new Map([
    ['semantic_0', { channels: 1, data: distance.data }],
    ['semantic_1', { channels: 1, data: interior.data }],
  ]);
}

function multiplex({ distance, interior }: Heads): TileHeads {
  const inner = { channels: 1, data: distance.data };
  const classes = { channels: CLASSES, data: new Float32Array(CLASSES * interior.data.length) };
  interior.data.forEach((value, at) => (classes.data[CLASSES * at + 1] = value));
  return new Map([
    ['semantic_0', inner],
    ['semantic_1', classes],
    ['semantic_2', inner],
    ['semantic_3', classes],
  ]);
}

interface Named {
  readonly name: string;
  readonly version: number;
  /** Of the input. */
  readonly channels: number;
  /** Rows and columns of a tile. */
  readonly side?: number;
}

function servedModel(
  { name, version, channels, side = TILE }: Named,
  variants: TileHeads[],
): ServedModel {
  const [first = new Map()] = variants;
  return {
    name,
    version,
    inputs: [{ name: 'input', type: 'float32', shape: [-1, side, side, channels] }],
    outputs: Array.from(first, ([output, head]) => ({
      name: output,
      type: 'float32',
      shape: [-1, side, side, head.channels],
    })),
    predict: (inputs) => answer(inputs, variants, side),
  };
}

function answer(inputs: Tensors, variants: readonly TileHeads[], side: number): Tensors {
  const { shape = [], data = new Float32Array() } = inputs.get('input') ?? {};
  const tiles = shape[0] ?? 0;
  const size = data.length / tiles;
  const chosen = Array.from({ length: tiles }, (_, tile) => variantOf(data, tile * size));
  const [first = new Map()] = variants;
  return new Map(
    Array.from(first.keys(), (output) => [
      output,
      joined(
        chosen.map((variant) => variants[variant]?.get(output)),
        side,
      ),
    ]),
  );
}

/** A number that the first pixels of a tile decide. */
function variantOf(data: Float32Array, start: number): number {
  const pixels = data.subarray(start, start + 64);
  return Math.floor(1e4 * Math.abs(pixels.reduce((sum, value) => sum + value, 0))) % VARIANTS;
}

function joined(
  heads: readonly ({ readonly channels: number; readonly data: Float32Array } | undefined)[],
  side: number,
): NdArray<Float32Array> {
  const { channels = 1, data: { length } = new Float32Array() } = heads[0] ?? {};
  const all = new Float32Array(heads.length * length);
  heads.forEach((head, tile) => head && all.set(head.data, tile * length));
  return { shape: [heads.length, side, side, channels], data: all };
}
