import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { sizeOf } from '../../../src/imaging/array.ts';
import type {
  OnnxInfo,
  OnnxRuntime,
  OnnxSession,
  OnnxTensor,
} from '../../../src/stand-in-server/onnx/runtime.ts';
import { MODELS, type Model } from './models.ts';

/* In place of 300 MB. test/stand-in-server/onnx/runtime-contract.ts holds for both. */

class Tensor implements OnnxTensor {
  readonly type: string;
  readonly data: Float32Array | Uint16Array;
  readonly dims: readonly number[];

  constructor(type: string, data: Float32Array | Uint16Array, dims: readonly number[]) {
    const isRight = type === 'float16' ? data instanceof Uint16Array : data instanceof Float32Array;
    if (!isRight) throw new TypeError(`A ${type} tensor's data must be of another type.`);
    if (data.length !== sizeOf(dims)) throw new Error('The size of the tensor is wrong.');
    [this.type, this.data, this.dims] = [type, data, dims];
  }
}

async function create(file: string): Promise<OnnxSession> {
  await access(file);
  const model = MODELS[basename(file)];
  if (model === undefined)
    throw new Error(`Load model from ${file} failed:Protobuf parsing failed.`);
  return {
    inputMetadata: model.inputs,
    outputMetadata: model.outputs,
    run: async (feeds) => Object.fromEntries(compute(model, feeds)),
  };
}

function compute(
  { inputs, outputs, run }: Model,
  feeds: Readonly<Record<string, OnnxTensor>>,
): [string, Tensor][] {
  const [input] = inputs;
  const given = feeds[input?.name ?? ''];
  if (input === undefined || !(given instanceof Tensor)) throw new Error('An input is missing.');
  check(input, given);
  const results = run({ shape: given.dims, data: toFloats(given) });
  return outputs.map(({ name, type = '' }, at) => {
    const { shape, data } = results[at] ?? { shape: [], data: new Float32Array(0) };
    return [name, new Tensor(type, type === 'float16' ? toHalves(data) : data, shape)];
  });
}

function check({ name, type, shape = [] }: OnnxInfo, { type: given, dims }: Tensor): void {
  const fits = shape.every((axis, at) => typeof axis === 'string' || axis === dims[at]);
  if (given === type && fits && shape.length === dims.length) return;
  throw new Error(`Got invalid dimensions for input: ${name}`);
}

function toFloats({ type, data }: Tensor): Float32Array {
  if (data instanceof Float32Array || type !== 'float16') return Float32Array.from(data);
  return Float32Array.from(new Float16Array(data.buffer, data.byteOffset, data.length));
}

function toHalves(data: Float32Array): Uint16Array {
  return new Uint16Array(Float16Array.from(data).buffer);
}

export default { InferenceSession: { create }, Tensor } satisfies OnnxRuntime;
