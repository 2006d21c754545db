import type { TensorInfo, TensorType } from '../../src/ports.ts';
import type { ServedModel } from '../../src/stand-in-server/served-model.ts';

function info(name: string, shape: readonly number[], type: TensorType = 'float32'): TensorInfo {
  return { name, shape, type };
}

/** Doubles rows of two numbers. */
export const double: ServedModel = {
  name: 'Double',
  version: 3,
  inputs: [info('image', [-1, 2])],
  outputs: [info('doubled', [-1, 2])],
  predict(inputs) {
    const { shape, data } = tensor(inputs, 'image');
    return new Map([['doubled', { shape, data: data.map((value) => 2 * value) }]]);
  },
};

/** An older version of the same model that triples. */
export const triple: ServedModel = {
  ...double,
  version: 0,
  predict(inputs) {
    const { shape, data } = tensor(inputs, 'image');
    return new Map([['doubled', { shape, data: data.map((value) => 3 * value) }]]);
  },
};

/** Two inputs of different lengths; their sums and differences by row, in names that are not in order. */
export const pair: ServedModel = {
  name: 'Pair',
  version: 1,
  inputs: [info('left', [-1, -1]), info('right', [-1, 1])],
  outputs: [info('sum', [-1, -1]), info('difference', [-1, -1])],
  predict(inputs) {
    const { shape, data: left } = tensor(inputs, 'left');
    const { data: right } = tensor(inputs, 'right');
    const width = shape[1] ?? 1;
    const other = (index: number): number => right[Math.floor(index / width)] ?? 0;
    return new Map([
      ['sum', { shape, data: left.map((value, index) => value + other(index)) }],
      ['difference', { shape, data: left.map((value, index) => value - other(index)) }],
    ]);
  },
};

/** Gives back its input under names of different lengths, so that the bytes lie anywhere in the message. */
export const echo: ServedModel = {
  name: 'Echo',
  version: 1,
  inputs: [info('x', [-1, -1])],
  outputs: ['a', 'bb', 'ccc', 'dddd', 'eeeee'].map((name) => info(name, [-1, -1])),
  predict: (inputs) => new Map(echo.outputs.map(({ name }) => [name, tensor(inputs, 'x')])),
};

/** Gives back its input, which travels in another type than float32. */
export function typed(type: TensorType): ServedModel {
  return {
    name: `Typed-${type}`,
    version: 1,
    inputs: [info('x', [-1, 2], type)],
    outputs: [info('y', [-1, 2], type)],
    predict: (inputs) => new Map([['y', tensor(inputs, 'x')]]),
  };
}

function tensor(
  inputs: Parameters<ServedModel['predict']>[0],
  name: string,
): { readonly shape: readonly number[]; readonly data: Float32Array } {
  const found = inputs.get(name);
  if (found === undefined) throw new RangeError(`no input ${name}`);
  return found;
}
