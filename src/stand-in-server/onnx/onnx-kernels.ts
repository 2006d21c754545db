import { sharedFloat32 } from '../../imaging/array.ts';
import { KnownError, messageOf } from '../../errors.ts';
import type { OnnxInfo, OnnxRuntime, OnnxSession, OnnxTensor } from './runtime.ts';

/* Runs on a worker thread: onnxruntime-node computes on the thread that calls it. */

/** A file, and what runs it. */
export interface OnnxFile {
  /** URL of the module. */
  readonly runtime: string;
  readonly file: string;
  /** Threads that compute one tile together. */
  readonly threads: number;
}

/** What the file says of its inputs and outputs, in its order. */
export interface OnnxSignature {
  readonly inputs: readonly OnnxInfo[];
  readonly outputs: readonly OnnxInfo[];
}

export interface OnnxCall {
  readonly model: OnnxFile;
  readonly name: string;
  readonly type: 'float32' | 'float16';
  readonly shape: readonly number[];
  /** float32 whatever the type: it is converted here. */
  readonly data: Float32Array;
}

/** An output, as float32 in shared memory. */
export interface OnnxOutput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export const kernels = {
  /** Loads a file. `bad_usage` if onnxruntime cannot. */
  async open(model: OnnxFile): Promise<OnnxSignature> {
    const { inputMetadata, outputMetadata } = await sessionOf(model);
    return { inputs: inputMetadata.map(plain), outputs: outputMetadata.map(plain) };
  },
  /** All outputs for one input, in the order of the file. */
  async run({ model, name, type, shape, data }: OnnxCall): Promise<readonly OnnxOutput[]> {
    const { Tensor } = await runtimeOf(model);
    const session = await sessionOf(model);
    const elements = type === 'float16' ? halves(data) : data;
    const tensor = new Tensor(type, elements, shape);
    // It makes a Float16Array of the bits, whose length its native part takes for 0 (microsoft/onnxruntime#32323).
    if (type === 'float16') Object.defineProperty(tensor, 'data', { value: elements });
    const outputs = await computed(session, { [name]: tensor });
    return session.outputMetadata.map((info) => shared(info.name, outputs[info.name]));
  },
} as const;

export type OnnxKernels = typeof kernels;

/** Loaded once in each thread. */
const sessions = new Map<string, Promise<OnnxSession>>();

function sessionOf(model: OnnxFile): Promise<OnnxSession> {
  const known = sessions.get(model.file);
  if (known !== undefined) return known;
  const opened = open(model);
  sessions.set(model.file, opened);
  return opened;
}

async function open(model: OnnxFile): Promise<OnnxSession> {
  const { file, threads } = model;
  const { InferenceSession } = await runtimeOf(model);
  try {
    return await InferenceSession.create(file, {
      intraOpNumThreads: threads,
      // Threads that wait for work by spinning take the processor from the consumer.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (error) {
    const words = messageOf(error).replace(/^.*failed: ?/, '');
    const message = `"${file}" cannot be loaded as an ONNX model: ${words}`;
    throw new KnownError('bad_usage', message, { cause: error });
  }
}

/** The bits of float16, rounded to the nearest. */
function halves(data: Float32Array): Uint16Array {
  return new Uint16Array(Float16Array.from(data).buffer);
}

/** `model_rejected` in the words of onnxruntime. */
async function computed(
  session: OnnxSession,
  feeds: Parameters<OnnxSession['run']>[0],
): ReturnType<OnnxSession['run']> {
  try {
    return await session.run(feeds);
  } catch (error) {
    throw new KnownError('model_rejected', messageOf(error), { cause: error });
  }
}

async function runtimeOf({ runtime }: OnnxFile): Promise<OnnxRuntime> {
  // A CommonJS module: its exports are its default. Which package it is, findOnnxRuntime says.
  const { default: module } = (await import(runtime)) as { readonly default: OnnxRuntime };
  return module;
}

/** Without what cannot cross to another thread. */
function plain({ name, isTensor, type, shape }: OnnxInfo): OnnxInfo {
  return { name, isTensor, ...(type && { type }), ...(shape && { shape: [...shape] }) };
}

function shared(name: string, tensor: OnnxTensor | undefined): OnnxOutput {
  if (tensor === undefined) throw new Error(`The model did not give its output ${name}.`);
  const elements = floats(tensor);
  const data = sharedFloat32(elements.length);
  data.set(elements);
  return { name, shape: [...tensor.dims], data };
}

function floats({ type, data }: OnnxTensor): ArrayLike<number> {
  if (type === 'float32' && data instanceof Float32Array) return data;
  if (type === 'float16' && data instanceof Float16Array) return data;
  if (type === 'float16' && data instanceof Uint16Array) {
    return new Float16Array(data.buffer, data.byteOffset, data.length);
  }
  throw new Error(`An output of type ${type} came; float32 and float16 can be read.`);
}
