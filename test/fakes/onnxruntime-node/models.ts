import type { NdArray } from '../../../src/imaging/array.ts';
import type { OnnxInfo } from '../../../src/stand-in-server/onnx/runtime.ts';

type Floats = NdArray<Float32Array>;

export interface Model {
  readonly inputs: readonly OnnxInfo[];
  readonly outputs: readonly OnnxInfo[];
  readonly run: (input: Floats) => readonly Floats[];
}

function floats(name: string, shape: readonly (number | string)[], type = 'float32'): OnnxInfo {
  return { name, isTensor: true, type, shape };
}

function times(factors: readonly number[], inner: number, { shape, data }: Floats): Floats {
  const factorAt = (at: number): number => factors[Math.floor(at / inner) % factors.length] ?? 1;
  return { shape, data: data.map((value, at) => value * factorAt(at)) };
}

function sumOfPairs({ shape, data }: Floats): Floats {
  const sums = Float32Array.from({ length: data.length / 2 }, (_, at) =>
    data.subarray(2 * at, 2 * at + 2).reduce((sum, value) => sum + value),
  );
  return { shape: [...shape.slice(0, -1), 1], data: sums };
}

/** Of each plane. */
function means({ shape: [batch = 1, planes = 1], data }: Floats): Floats {
  const size = data.length / (batch * planes);
  const found = Float32Array.from({ length: batch * planes }, (_, at) => {
    const plane = data.subarray(at * size, (at + 1) * size);
    return plane.reduce((sum, value) => sum + value, 0) / size;
  });
  return { shape: [batch, planes], data: found };
}

/** Means of 7 × 7 pixels; those beyond the edge are 0. */
function averaged({ shape, data }: Floats): Floats {
  const [, , rows = 0, columns = 0] = shape;
  const isIn = (row: number, column: number): boolean =>
    row >= 0 && column >= 0 && row < rows && column < columns;
  const means7 = data.map((_, pixel) => {
    const [row, column] = [Math.floor(pixel / columns), pixel % columns];
    let sum = 0;
    for (let near = row - 3; near <= row + 3; near++) {
      for (let beside = column - 3; beside <= column + 3; beside++) {
        if (isIn(near, beside)) sum += data[near * columns + beside] ?? 0;
      }
    }
    return sum / 49;
  });
  return { shape, data: means7 };
}

function above(level: number, { shape, data }: Floats): Floats {
  return { shape, data: data.map((value) => Math.max(0, value - level)) };
}

const plane = ['N', 17, 18, 1];
const anySize = ['N', 1, 'H', 'W'];

const nuclei: Model = {
  inputs: [floats('image', anySize)],
  outputs: [floats('inner', anySize), floats('interior', anySize)],
  run: (image) => [averaged(image), above(0.4, image)],
};

/** What test/stand-in-server/onnx/make-models.py has put into the files. */
export const MODELS: Readonly<Record<string, Model>> = {
  'channels-last.onnx': {
    inputs: [floats('image', ['N', 17, 18, 2])],
    outputs: [floats('sum', plane), floats('all', ['N', 17, 18, 2])],
    run: (image) => {
      const all = times([2, -0.5], 1, image);
      return [sumOfPairs(all), all];
    },
  },
  'channels-first.onnx': {
    inputs: [floats('x', [1, 2, 17, 18])],
    outputs: [floats('heads', [1, 2, 17, 18]), floats('mean', [1, 2])],
    run: (image) => [times([3, -1], 17 * 18, image), means(image)],
  },
  'half.onnx': {
    inputs: [floats('image', plane, 'float16')],
    outputs: [floats('tenth', plane, 'float16')],
    run: (image) => [times([Float16Array.of(0.1)[0] ?? 0], 1, image)],
  },
  'any-size.onnx': {
    inputs: [floats('image', anySize)],
    outputs: [floats('twice', ['N', 'H', 'W'])],
    run: ({ shape: [batch = 1, , rows = 0, columns = 0], data }) => [
      { shape: [batch, rows, columns], data: data.map((value) => 2 * value) },
    ],
  },
  'nuclei.onnx': nuclei,
  // As pages call a model of one's own.
  'model.onnx': nuclei,
  'bytes-in.onnx': same(floats('image', plane, 'uint8'), floats('out', plane, 'uint8')),
  'whole-numbers-out.onnx': same(floats('image', plane), floats('classes', ['N', 17, 18], 'int64')),
  'two-inputs.onnx': {
    ...same(floats('image', plane), floats('out', plane)),
    inputs: [floats('image', plane), floats('scale', [1])],
  },
  'batch-of-4.onnx': same(floats('image', [4, 17, 18, 1]), floats('out', [4, 17, 18, 1])),
  'three-axes.onnx': same(floats('image', ['N', 17, 18]), floats('out', ['N', 17, 18])),
  'no-channels.onnx': same(
    floats('image', ['N', 'A', 'B', 'C']),
    floats('out', ['N', 'A', 'B', 'C']),
  ),
  'small-tiles.onnx': same(floats('image', ['N', 2, 6, 2]), floats('out', ['N', 2, 6, 2])),
  'misnumbered.onnx': {
    inputs: [floats('image', plane)],
    outputs: [floats('out_2', plane), floats('out_1', plane)],
    run: (image) => [image, image],
  },
  'one-size.onnx': {
    ...same(floats('image', anySize), floats('out', [1, 100])),
    run: () => {
      throw new Error('The input tensor cannot be reshaped to the requested shape.');
    },
  },
  'cube.onnx': {
    ...same(floats('image', ['N', 1, 20, 20]), floats('out', ['N', 20, 20, 20])),
    run: () => [{ shape: [1, 20, 20, 20], data: new Float32Array(8000) }],
  },
  'batch-last.onnx': {
    ...same(floats('image', plane), floats('out', [17, 18, 1, 'N'])),
    run: ({ data }) => [{ shape: [17, 18, 1, 1], data }],
  },
};

function same(input: OnnxInfo, output: OnnxInfo): Model {
  return { inputs: [input], outputs: [output], run: (image) => [image] };
}
