import type { NdArray } from '../../src/imaging/array.ts';
import type { ServedModel, Tensors } from '../../src/stand-in-server/served-model.ts';
import type { ModelName } from '../../src/ports.ts';

/*
 * The fake models of the goldens that take images. Their arithmetic is exact in float32, so that every implementation
 * gives the same bits. Outputs come in the wrong order, to prove that clients sort them by name.
 */

/** A function of tiles `[tile, row, column, channel]`, float32. */
interface FakeModel {
  readonly predict: (tiles: NdArray<Float32Array>) => Tensors;
  /** Shape of each output without its first axis, for tiles of this shape. */
  readonly outputs: (tile: readonly number[]) => Readonly<Record<string, readonly number[]>>;
}

type Plane = NdArray<Float32Array>;

/** All fake models by the names that the manifests use. */
export const FAKE_MODELS: Readonly<Record<string, FakeModel>> = {
  seg2: {
    outputs: ([rows = 0, columns = 0]) => ({
      semantic_0: [rows, columns, 1],
      semantic_1: [rows, columns, 1],
    }),
    predict: (tiles) => segmentation(tiles, { heads: 2 }),
  },
  seg3: {
    outputs: ([rows = 0, columns = 0]) => ({
      semantic_0: [rows, columns, 1],
      semantic_1: [rows, columns, 1],
      semantic_2: [rows, columns, 2],
    }),
    predict: (tiles) => segmentation(tiles, { heads: 3 }),
  },
  mesmer4: {
    outputs: ([rows = 0, columns = 0]) => ({
      semantic_0: [rows, columns, 1],
      semantic_1: [rows, columns, 3],
      semantic_2: [rows, columns, 1],
      semantic_3: [rows, columns, 3],
    }),
    predict: multiplex,
  },
  spot2: {
    outputs: ([rows = 0, columns = 0]) => ({
      classification: [rows, columns, 2],
      offset_regression: [rows, columns, 2],
    }),
    predict: spots,
  },
  scale1: {
    outputs: () => ({ scale: [1] }),
    predict: perTile('scale', (first, last) => [
      0.5 + modulo(Math.floor(first) + Math.floor(last), 64) / 64,
    ]),
  },
  scale_one: { outputs: () => ({ scale: [1] }), predict: perTile('scale', () => [1 + 1 / 128]) },
  label3: {
    outputs: () => ({ label: [3] }),
    predict: perTile('label', (first) =>
      [0, 1, 2].map((label) => (label === modulo(Math.floor(first), 3) ? 0.75 : 0.125)),
    ),
  },
};

/** A fake model as a server serves it, for inputs of the shape `[row, column, channel]`; -1 is any length. */
export function servedFake(fake: string, model: ModelName, tile: readonly number[]): ServedModel {
  const found = FAKE_MODELS[fake];
  if (found === undefined) throw new Error(`There is no fake model ${fake}.`);
  return {
    ...model,
    // The reference's model server was a fake that took whatever it was sent.
    acceptsAnySize: true,
    inputs: [{ name: 'image', type: 'float32', shape: [-1, ...tile] }],
    outputs: Object.entries(found.outputs(tile)).map(([name, shape]) => ({
      name,
      type: 'float32',
      shape: [-1, ...shape],
    })),
    predict(inputs) {
      const image = inputs.get('image');
      if (image === undefined) throw new Error('The request has no tensor named image.');
      return found.predict(image);
    },
  };
}

function segmentation(tiles: NdArray<Float32Array>, { heads }: { readonly heads: 2 | 3 }): Tensors {
  const blurred = blur(quantised(tiles, 64));
  const inner = blur(blur(blurred));
  const outer = map(blurred, (value) => Math.max(value - 0.25, 0));
  const third = join([map(outer, (value) => 1 - value), outer]);
  const all: [string, Plane][] = [
    ['semantic_2', third],
    ['semantic_1', outer],
    ['semantic_0', inner],
  ];
  return new Map(all.slice(3 - heads));
}

function multiplex(tiles: NdArray<Float32Array>): Tensors {
  const nuclear = quantised(channelOf(tiles, 0), 64);
  const membrane = quantised(channelOf(tiles, 1), 64);
  const mean = {
    shape: nuclear.shape,
    data: nuclear.data.map((value, at) => (value + (membrane.data[at] ?? 0)) / 2),
  };
  const [wholeDistance, wholePixels] = compartment(mean);
  const [nuclearDistance, nuclearPixels] = compartment(nuclear);
  return new Map([
    ['semantic_3', nuclearPixels],
    ['semantic_0', wholeDistance],
    ['semantic_2', nuclearDistance],
    ['semantic_1', wholePixels],
  ]);
}

/** Inner distance and the three classes of one compartment. */
function compartment(plane: Plane): [distance: Plane, pixels: Plane] {
  const once = blur(plane);
  const edge = map(once, (value) => (1 - value) / 4);
  const background = map(once, (value) => ((1 - value) * 3) / 4);
  return [blur(blur(once)), join([edge, once, background])];
}

function spots(tiles: NdArray<Float32Array>): Tensors {
  const quantum = quantised(tiles, 256);
  const smooth = blur(quantum);
  const found = map(smooth, (value) => Math.min(1, 2 * value));
  const offsets = join([
    map(quantum, (value) => value / 2 - 0.25),
    map(smooth, (value) => 0.25 - value / 2),
  ]);
  return new Map([
    ['offset_regression', offsets],
    ['classification', join([map(found, (value) => 1 - value), found])],
  ]);
}

function perTile(
  output: string,
  values: (first: number, last: number) => number[],
): FakeModel['predict'] {
  return ({ shape, data }) => {
    const tiles = shape[0] ?? 0;
    const size = data.length / tiles;
    const rows = Array.from({ length: tiles }, (_, tile) =>
      values(data[tile * size] ?? 0, data[(tile + 1) * size - 1] ?? 0),
    );
    return new Map([
      [output, { shape: [tiles, rows[0]?.length ?? 0], data: Float32Array.from(rows.flat()) }],
    ]);
  };
}

function quantised(plane: Plane, steps: number): Plane {
  return map(plane, (value) => Math.floor(value * steps) / steps);
}

function map({ shape, data }: Plane, change: (value: number) => number): Plane {
  return { shape, data: data.map((value) => change(value)) };
}

/** The binomial filter [1 2 1] ⊗ [1 2 1] / 16; beyond the border of a tile stands its edge. */
function blur({ shape, data }: Plane): Plane {
  const [tiles = 0, rows = 0, columns = 0] = shape;
  const out = new Float32Array(data.length);
  const at = (tile: number, y: number, x: number): number =>
    data[(tile * rows + clamp(y, rows)) * columns + clamp(x, columns)] ?? 0;
  for (let tile = 0; tile < tiles; tile++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const line = (row: number): number =>
          at(tile, row, x - 1) + 2 * at(tile, row, x) + at(tile, row, x + 1);
        out[(tile * rows + y) * columns + x] = (line(y - 1) + 2 * line(y) + line(y + 1)) / 16;
      }
    }
  }
  return { shape, data: out };
}

function clamp(index: number, length: number): number {
  return Math.min(Math.max(index, 0), length - 1);
}

function channelOf({ shape, data }: NdArray<Float32Array>, channel: number): Plane {
  const channels = shape.at(-1) ?? 1;
  return {
    shape: [...shape.slice(0, -1), 1],
    data: data.filter((_, at) => at % channels === channel),
  };
}

/** Planes of one channel become the channels of one array. */
function join(planes: readonly Plane[]): NdArray<Float32Array> {
  const [{ shape, data } = { shape: [], data: new Float32Array() }] = planes;
  const joined = new Float32Array(data.length * planes.length);
  planes.forEach((plane, channel) => {
    plane.data.forEach((value, at) => (joined[at * planes.length + channel] = value));
  });
  return { shape: [...shape.slice(0, -1), planes.length], data: joined };
}

/** The remainder that is never negative. */
function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}
